// Which stages of a sweep go first, by what people said of single trials. Promise: stages of one priority keep the order of the queue,
// and a sweep of which nobody said anything costs nothing.

import { groupBy } from '../../src/domain/group-by.ts';
import { openTrials } from './members.ts';
import type { Stage, State, Trial } from './model.ts';
import { isFinal } from './model.ts';

/** The highest priority of the trials that a stage trains: who raises one raises what it is trained with. */
export function priorityOf(state: State, stage: Stage): number {
  const all = openTrials(state, stage).map(({ priority }) => priority);
  return all.length === 0 ? 0 : Math.max(...all);
}

/** Stages of a sweep that wait, those of the highest priority together and first. */
export function ranksOf(state: State, sweepId: string): readonly (readonly string[])[] {
  const queue = state.pendingOf.get(sweepId) ?? [];
  const priorities = prioritised(state, sweepId);
  if (priorities.size === 0) return [queue];
  const ranks = [...new Set([0, ...priorities.values()])].toSorted((a, b) => b - a);
  return ranks.map((rank) => queue.filter((id) => (priorities.get(id) ?? 0) === rank));
}

/** Pending stages whose priority is not 0. */
function prioritised(state: State, sweepId: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const id of state.prioritisedOf.get(sweepId) ?? []) {
    const trial = state.trials.get(id);
    const stage = state.stages.get(trial?.stageId ?? '');
    if (trial === undefined || isFinal(trial.state) || stage?.state !== 'pending') continue;
    const priority = priorityOf(state, stage);
    if (priority !== 0) found.set(stage.id, priority);
  }
  return found;
}

/** What a state keeps of them: trials by their sweep. */
export function indexPriorities(trials: Iterable<Trial>): Map<string, Set<string>> {
  const found = [...trials].filter(({ priority }) => priority !== 0);
  const of = groupBy(found, ({ sweepId }) => sweepId);
  return new Map([...of].map(([sweepId, all]) => [sweepId, new Set(all.map(({ id }) => id))]));
}
