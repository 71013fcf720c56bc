// What follows from the state alone, after every event: sweeps without open trials end, checkpoints that nobody needs are let
// go, free slots are given work.

import { collect } from './collection.ts';
import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Now, State, Sweep } from './model.ts';
import { place } from './placement.ts';

/** Pure, like {@link place}. `stirred` are the sweeps whose checkpoints, or the need of them, have changed. */
export function settle(
  state: State,
  now: Now,
  limits: Limits,
  stirred: ReadonlySet<string>,
): readonly Fact[] {
  return [
    ...endSweeps(state, now),
    ...[...stirred].flatMap((sweepId) => collect(state, sweepId)),
    ...place(state, now, limits),
  ];
}

/** The sweep whose checkpoints may be needed no longer through a fact, if there is one. */
export function stirs(state: State, fact: Fact): string | undefined {
  if (fact.kind === 'checkpoint-saved') return state.stages.get(fact.checkpoint.stageId)?.sweepId;
  if (fact.kind === 'checkpoint-stored' || fact.kind === 'stage-ended')
    return state.stages.get(fact.stageId)?.sweepId;
  return fact.kind === 'trial-ended' ? state.trials.get(fact.trialId)?.sweepId : undefined;
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
  return counts !== undefined && counts.pending + counts.running + counts.paused > 0;
}
