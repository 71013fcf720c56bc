// What follows from the state alone, after every event: sweeps without open trials end, free slots are given work.

import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Now, State, Sweep } from './model.ts';
import { place } from './placement.ts';

/** Pure, like {@link place}. */
export function settle(state: State, now: Now, limits: Limits): readonly Fact[] {
  return [...endSweeps(state, now), ...place(state, now, limits)];
}

function endSweeps(state: State, now: Now): readonly Fact[] {
  return [...state.sweeps.values()]
    .filter((sweep) => sweep.state === 'running' && !hasOpenTrials(state, sweep))
    .map(({ id }) => ({
      kind: 'sweep-ended',
      sweepId: id,
      state: 'completed',
      wallMs: now.wallMs,
    }));
}

function hasOpenTrials(state: State, sweep: Sweep): boolean {
  const counts = state.counts.get(sweep.id);
  return counts !== undefined && counts.pending + counts.running > 0;
}
