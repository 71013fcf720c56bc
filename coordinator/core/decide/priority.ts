// A person changes which sweep gets free slots first. What trains goes on.

import type { Prioritising, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { State } from '../model.ts';

/** Nothing for a sweep that is not there or has that priority already. */
export function decidePriority(
  state: State,
  { sweepId, priority, by }: Stamped<Prioritising>,
): readonly Fact[] {
  const sweep = state.sweeps.get(sweepId);
  if (sweep === undefined || sweep.priority === priority) return [];
  return [{ kind: 'sweep-prioritised', sweepId, priority, by: by ?? null }];
}
