// How much output is kept of each stage, without counting it again for every chunk.
// Promise: it is what the rows say, or more where a chunk came twice, and it remembers nothing of stages that have ended or that it was merely asked about.

import type { Database, Statement } from 'better-sqlite3';
import type { Fact } from '../core/fact.ts';
import { toLogCost } from '../core/logs.ts';

/** Sizes in bytes, each chunk with what its row costs. */
export class LogSizes {
  readonly #sum: Statement;
  readonly #known = new Map<string, number>();

  constructor(db: Database) {
    this.#sum = db
      .prepare(
        `SELECT coalesce(sum(length(data) + ${toLogCost(0)}), 0) FROM log_chunk WHERE stage_id = ?`,
      )
      .pluck();
  }

  /** What is kept of a stage's output. */
  of(stageId: string): number {
    return this.#known.get(stageId) ?? Number(this.#sum.get(stageId));
  }

  /** Takes in a fact whose rows are written. */
  note(fact: Fact): void {
    if (fact.kind === 'stage-ended') this.#known.delete(fact.stageId);
    if (fact.kind !== 'log-recorded') return;
    const known = this.#known.get(fact.stageId);
    const bytes = known === undefined ? this.of(fact.stageId) : known + toLogCost(fact.data.length);
    this.#known.set(fact.stageId, bytes);
  }
}
