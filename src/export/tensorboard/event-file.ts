// An event file of TensorBoard: TFRecords, each a message `Event`. Promise: the first one says the version of the format; each is
// guarded by its checksums.

import {
  DataClass,
  Event,
  HParamsPluginData,
  type SummaryValue,
} from '../../wire/generated/espalier/tensorboard/v1/event.ts';
import type { ByteSink } from '../byte-sink.ts';
import { maskedCrc32c } from './crc32c.ts';

const VERSION = 'brain.Event:2';

/** Writes events into a file. Wall time is in milliseconds since 1970. */
export class EventFile {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink, wallMs: number) {
    this.#sink = sink;
    this.#write({
      wallTime: wallMs / 1000,
      step: 0,
      what: { $case: 'fileVersion', fileVersion: VERSION },
    });
  }

  /** Numbers of one step, by name. They become float32, as TensorBoard keeps them. */
  scalars(wallMs: number, step: number, values: Iterable<readonly [string, number]>): void {
    const value = [...values].map(([tag, number]) => toScalar(tag, number));
    if (value.length > 0) this.#summary(wallMs, step, value);
  }

  /** Something for the HParams plugin. */
  hparams(wallMs: number, data: NonNullable<HParamsPluginData['data']>): void {
    const content = HParamsPluginData.encode({ version: 0, data }).finish();
    const tag = `_hparams_/${TAGS[data.$case]}`;
    const metadata = {
      pluginData: { pluginName: 'hparams', content: Buffer.from(content) },
      dataClass: DataClass.DATA_CLASS_TENSOR,
    };
    const tensor = { dtype: 1, tensorShape: {}, floatVal: [0] };
    this.#summary(wallMs, 0, [{ tag, metadata, value: { $case: 'tensor', tensor } }]);
  }

  #summary(wallMs: number, step: number, value: SummaryValue[]): void {
    this.#write({ wallTime: wallMs / 1000, step, what: { $case: 'summary', summary: { value } } });
  }

  #write(event: Event): void {
    const bytes = Event.encode(event).finish();
    const head = Buffer.alloc(12);
    head.writeBigUInt64LE(BigInt(bytes.length));
    head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(maskedCrc32c(bytes));
    for (const piece of [head, bytes, tail]) this.#sink.write(piece);
  }
}

const TAGS = {
  experiment: 'experiment',
  sessionStartInfo: 'session_start_info',
  sessionEndInfo: 'session_end_info',
} as const;

function toScalar(tag: string, value: number): SummaryValue {
  const simpleValue = Math.fround(value);
  return { tag, metadata: undefined, value: { $case: 'simpleValue', simpleValue } };
}
