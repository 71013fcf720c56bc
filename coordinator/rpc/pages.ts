// One watch response as several, each far below the size limit of a message.

import type { WatchResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import {
  AttemptView,
  EpochView,
  FactView,
  StageView,
  TrialView,
} from '../../src/wire/generated/espalier/v1/sweep.ts';

/** Bytes of trials, of stages, of epochs, of facts and of attempts in one message. Sweeps and agents, which are few and which a watcher takes whole, travel with each. */
const PAGE_BYTES = 256 * 1024;

/** The pages in order; only the first can be `complete`, and every later one adds to it. */
export function toPages(response: WatchResponse): readonly WatchResponse[] {
  const trials = bySize(response.trials, (trial) => TrialView.encode(trial).finish().length);
  const epochs = bySize(response.epochs, (epoch) => EpochView.encode(epoch).finish().length);
  const stages = bySize(response.stages, (stage) => StageView.encode(stage).finish().length);
  const facts = bySize(response.facts, (fact) => FactView.encode(fact).finish().length);
  const attempts = bySize(response.attempts, (row) => AttemptView.encode(row).finish().length);
  const lists = [trials, epochs, stages, facts, attempts];
  const pages = Math.max(1, ...lists.map(({ length }) => length));
  return Array.from({ length: pages }, (_, i) => ({
    ...response,
    complete: response.complete && i === 0,
    trials: trials[i] ?? [],
    epochs: epochs[i] ?? [],
    stages: stages[i] ?? [],
    facts: facts[i] ?? [],
    attempts: attempts[i] ?? [],
  }));
}

function bySize<T>(rows: readonly T[], sizeOf: (row: T) => number): readonly T[][] {
  const pages: T[][] = [];
  let left = 0;
  for (const row of rows) {
    const size = sizeOf(row);
    if (size > left) {
      pages.push([]);
      left = PAGE_BYTES;
    }
    left -= size;
    pages.at(-1)?.push(row);
  }
  return pages;
}
