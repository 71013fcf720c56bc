// The checkpoints that an attempt saves. Promise: none before the stage's first epoch and none twice; each is reported when it has its
// id, which is worked out while the next epoch trains.

import type { Metrics } from '../../src/domain/objective.ts';
import type { StageAttempt } from '../core/assignment.ts';
import { isBetter, isToSave } from '../core/checkpoint-rule.ts';
import type { Member } from '../core/cohort.ts';
import type { Ending } from '../core/outcome.ts';
import type { AttemptHost, Trainer } from './attempt-host.ts';
import { toFailure, valueOf } from './messages.ts';
import type { Reports } from './reports.ts';

/** An epoch that was just trained: how many are behind the trial now, what it came to, and the sweep's best value so far. */
export type FreshEpoch = {
  readonly done: number;
  readonly metrics: Metrics;
  readonly members: readonly Member[];
  readonly sweepBest: number | undefined;
};

/** Decides by the stage's rule, and saves. */
export class Saver {
  readonly #stage: StageAttempt;
  readonly #host: Pick<AttemptHost, 'checkpoints' | 'limits'>;
  readonly #reports: Reports;
  /** Epochs behind the latest checkpoint. */
  #saved = 0;
  #best: number | undefined;

  constructor(
    stage: StageAttempt,
    host: Pick<AttemptHost, 'checkpoints' | 'limits'>,
    reports: Reports,
  ) {
    this.#stage = stage;
    this.#host = host;
    this.#reports = reports;
  }

  /** Begins behind so many epochs, which are saved, with the metrics on record. */
  begin(epoch: number, history: ReadonlyMap<number, Metrics>): void {
    this.#saved = epoch;
    for (const metrics of history.values()) this.#judge(metrics);
  }

  /** Takes an epoch in; whether its checkpoint is to be saved. */
  isDue({ done, metrics, members, sweepBest }: FreshEpoch): boolean {
    const { checkpointEvery: every, keep, objective } = this.#stage;
    const rule = { every, keep, mode: objective.mode };
    const value = valueOf(metrics, objective.metric);
    const best = this.#best;
    this.#judge(metrics);
    return isToSave(rule, { done, saved: this.#saved, members, value, best, sweepBest });
  }

  #judge(metrics: Metrics): void {
    const { metric, mode } = this.#stage.objective;
    const value = valueOf(metrics, metric);
    if (isBetter(mode, value, this.#best)) this.#best = value;
  }

  /** Saves what was trained before `epoch`, unless it is saved; how the attempt ends where that fails. */
  async save(trainer: Trainer, epoch: number): Promise<Ending | undefined> {
    if (this.#saved === epoch || epoch < this.#stage.fromEpoch) return undefined;
    const { checkpoints, limits } = this.#host;
    const path = await checkpoints.reserve();
    const saved = await trainer.ask({ kind: 'save', path }, limits.openedMs);
    if (saved.kind !== 'saved') {
      await checkpoints.discard(path);
      return toFailure('save', saved, trainer);
    }
    this.#saved = epoch;
    this.#reports.addMade(async () => {
      const { id, files } = await checkpoints.keep(path);
      return {
        $case: 'checkpoint',
        checkpoint: { checkpointId: id, epoch, files: [...files] },
      };
    });
    return undefined;
  }
}
