// A person changes which sweep gets free slots first, or which trial of a sweep. What trains goes on.

import type { Prioritising, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { State } from '../model.ts';
import { isFinal } from '../model.ts';

/** Nothing for what is not there, for a trial that has ended, and where it is so already. */
export function decidePriority(state: State, event: Stamped<Prioritising>): readonly Fact[] {
  const { sweepId, trialId, priority, by = null } = event;
  if (trialId !== null) return decideOfTrial(state, trialId, priority, by);
  const sweep = state.sweeps.get(sweepId);
  if (sweep === undefined || sweep.priority === priority) return [];
  return [{ kind: 'sweep-prioritised', sweepId, priority, by }];
}

function decideOfTrial(
  state: State,
  trialId: string,
  priority: number,
  by: string | null,
): readonly Fact[] {
  const trial = state.trials.get(trialId);
  if (trial === undefined || isFinal(trial.state) || trial.priority === priority) return [];
  return [{ kind: 'trial-prioritised', trialId, priority, by }];
}
