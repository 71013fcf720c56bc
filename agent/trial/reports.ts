// What an attempt tells of itself. Promise: an item is sent after all that were added before it, also where one of those has still to
// be made ready; where that fails nothing more is sent, and whoever waits for what was added hears of it.

import { fromJsonNumber } from '../../src/domain/json-number.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import type { AnswerOf } from '../../src/trial/protocol.ts';
import type { Series } from '../core/control-vector.ts';
import { summarizeRates, toRateChunks } from '../core/rate-report.ts';
import type { ReportItem } from './attempt-host.ts';

/** The reports of one attempt, in order. */
export class Reports {
  readonly #send: (item: ReportItem) => void;
  #added: Promise<void> = Promise.resolve();

  constructor(send: (item: ReportItem) => void) {
    this.#send = send;
  }

  /** Sends an item when its turn comes. */
  add(item: ReportItem): void {
    this.#later(() => this.#send(item));
  }

  /** Makes an item when its turn comes, and sends it. */
  addMade(make: () => Promise<ReportItem>): void {
    this.#later(async () => this.#send(await make()));
  }

  /** That a trial has opened. */
  addOpened(opened: AnswerOf<'opened'>): void {
    const { steps_per_epoch: stepsPerEpoch, backend, numerics, can_save: canSave } = opened;
    this.add({ $case: 'opened', opened: { stepsPerEpoch, backend, numerics, canSave } });
  }

  /** An epoch: its learning rates in chunks, then all else. */
  addEpoch(trained: AnswerOf<'trained'>, metrics: Metrics, rates: Series): void {
    const { epoch, steps, seconds } = trained;
    for (const chunk of toRateChunks(rates))
      this.add({ $case: 'series', series: { epoch, ...chunk } });
    this.add({
      $case: 'epoch',
      epoch: {
        epoch,
        metrics: Object.entries(metrics).map(([name, value]) => ({ name, value })),
        steps,
        ...summarizeRates(rates),
        lrApplied: fromJsonNumber(trained.learning_rate),
        seconds,
      },
    });
  }

  /** Resolves when all that was added before is sent; rejects where something could not be made ready. */
  sent(): Promise<void> {
    return this.#added;
  }

  #later(work: () => Promise<void> | void): void {
    this.#added = this.#added.then(work);
    this.#added.catch(() => undefined);
  }
}
