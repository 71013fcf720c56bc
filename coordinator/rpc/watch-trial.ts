// One trial from near: its epochs, those of others beside it, and what it writes, as they come.
// Promise: whole at first, then what is new, at most four times a second and never faster than the watcher reads.

import type { ServerWritableStream } from '@grpc/grpc-js';
import { EspalierError } from '../../src/domain/errors.ts';
import type {
  WatchTrialRequest,
  WatchTrialResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { BesideView, EpochView, OutputView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from '../core/limits.ts';
import type { Loop } from '../loop.ts';
import type { OutputPlace, ShownEpoch, Store } from '../store/store.ts';
import { ChangeSignal } from './change-signal.ts';
import { Pager, sizeBy } from './pages.ts';
import { deliver } from './stall.ts';

const FRAME_MS = 250;
const BESIDE_MOST = 16;
/** Of what was written before: enough for a screen and some pages above it. */
const OUTPUT_BYTES = 128 * 1024;

type Ports = { readonly loop: Loop; readonly store: Store; readonly limits: Limits };

/** Serves one watcher until it goes. @throws EspalierError `not-found` for a trial that is not, `invalid` for too many beside it */
export async function serveWatchTrial(
  call: ServerWritableStream<WatchTrialRequest, WatchTrialResponse>,
  { loop, store, limits }: Ports,
): Promise<void> {
  assertKnown(call.request, loop);
  const watcher = new TrialWatcher(call.request, { loop, store, limits });
  const changes = new ChangeSignal(loop);
  try {
    call.once('cancelled', () => changes.close()).once('close', () => changes.close());
    do {
      for (const message of watcher.next())
        if (!(await deliver(call, message, limits.stallMs))) return;
    } while (await changes.wait(FRAME_MS));
  } finally {
    changes.close();
  }
}

function assertKnown({ trialId, beside }: WatchTrialRequest, { state }: Loop): void {
  const missing = [trialId, ...beside].find((id) => !state.trials.has(id));
  if (missing !== undefined)
    throw new EspalierError('not-found', `no trial ${missing.slice(0, 200)}`);
  if (beside.length > BESIDE_MOST)
    throw new EspalierError('invalid', `at most ${BESIDE_MOST} trials are shown beside another`);
}

/** An epoch as people are shown it. */
export function toEpochView({
  epoch,
  metrics,
  first,
  last,
  least,
  greatest,
}: ShownEpoch): EpochView {
  const list = Object.entries(metrics).map(([name, value]) => ({ name, value }));
  return {
    epoch,
    metrics: list,
    lrFirst: first,
    lrLast: last,
    lrLeast: least,
    lrGreatest: greatest,
  };
}

/** What one watcher has been told, and the difference to now. */
class TrialWatcher {
  readonly #request: WatchTrialRequest;
  readonly #ports: Ports;
  /** Epochs told so far, by trial. */
  readonly #told = new Map<string, number>();
  #place: OutputPlace | undefined;
  #isFirst = true;

  constructor(request: WatchTrialRequest, ports: Ports) {
    this.#request = request;
    this.#ports = ports;
  }

  /** The messages with what is new; none for nothing. */
  *next(): Generator<WatchTrialResponse> {
    const { trialId, beside: others, output: hasOutput } = this.#request;
    const epochs = new Pager(this.#newEpochs(), sizeBy(EpochView));
    const beside = new Pager(this.#allBeside(others), sizeBy(BesideView));
    const output = new Pager(hasOutput ? this.#newOutput() : [], sizeBy(OutputView));
    const pagers = [epochs, beside, output];
    let complete = this.#isFirst;
    this.#isFirst = false;
    while (complete || pagers.some(({ isDone }) => !isDone)) {
      const rows = { epochs: epochs.take(), beside: beside.take(), output: output.take() };
      yield { complete, trialId, ...rows };
      complete = false;
    }
  }

  *#allBeside(trialIds: readonly string[]): Generator<BesideView> {
    for (const trialId of trialIds) yield* this.#newBeside(trialId);
  }

  #newEpochs(): EpochView[] {
    const { trialId } = this.#request;
    if (!this.#isAhead(trialId)) return [];
    const epochs = this.#ports.store.epochsOf(trialId, this.#told.get(trialId) ?? 0);
    const last = epochs.at(-1);
    if (last !== undefined) this.#told.set(trialId, last.epoch + 1);
    return epochs.map(toEpochView);
  }

  #newBeside(trialId: string): readonly BesideView[] {
    if (!this.#isAhead(trialId)) return [];
    const { loop, store } = this.#ports;
    const sweep = loop.state.sweeps.get(loop.state.trials.get(trialId)?.sweepId ?? '');
    const metric = sweep?.spec.objective.metric ?? '';
    const values = store.valuesFrom(trialId, metric, this.#told.get(trialId) ?? 0);
    const last = values.at(-1);
    if (last !== undefined) this.#told.set(trialId, last.epoch + 1);
    return values.map(({ epoch, value }) => ({ trialId, epoch, value }));
  }

  /** Whether it has epochs that were not told; what the state knows saves a look into the database. */
  #isAhead(trialId: string): boolean {
    const done = this.#ports.loop.state.trials.get(trialId)?.epochsDone ?? 0;
    return done > (this.#told.get(trialId) ?? 0);
  }

  #newOutput(): OutputView[] {
    const { store } = this.#ports;
    const { trialId } = this.#request;
    const rows =
      this.#place === undefined
        ? store.outputEnd(trialId, OUTPUT_BYTES)
        : store.outputAfter(trialId, this.#place, OUTPUT_BYTES);
    this.#place = rows.at(-1)?.place ?? this.#place ?? { order: 0, attempt: 0, offsetBytes: -1 };
    return rows.map(({ place: { attempt }, stageId, droppedBytes, data }) => ({
      attempt,
      stageId,
      droppedBytes,
      data,
    }));
  }
}
