// What a state keeps besides its records, made anew of records that were loaded.

import { groupBy } from '../../src/domain/group-by.ts';
import { findLeader } from '../core/leader.ts';
import type { Stage, State, Sweep, Trial } from '../core/model.ts';

/** The best trial of each sweep that has one. */
export function findLeaders(
  sweeps: ReadonlyMap<string, Sweep>,
  trials: ReadonlyMap<string, Trial>,
): Map<string, string> {
  const groups = groupBy(trials.values(), ({ sweepId }) => sweepId);
  const leaders = [...sweeps.values()].map((sweep) => ({
    sweep,
    leader: findLeader(groups.get(sweep.id) ?? [], sweep),
  }));
  return new Map(
    leaders.flatMap(({ sweep, leader }) => (leader === undefined ? [] : [[sweep.id, leader.id]])),
  );
}

/** Stages that have not ended, by their tree. */
export function openByRoot(stages: ReadonlyMap<string, Stage>): State['openOf'] {
  const open = [...stages.values()].filter(({ state }) => state !== 'ended');
  const groups = groupBy(open, ({ rootId }) => rootId);
  return new Map([...groups].map(([rootId, tree]) => [rootId, new Set(tree.map(({ id }) => id))]));
}
