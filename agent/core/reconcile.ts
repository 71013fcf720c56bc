// What to do so that the agent runs what the coordinator wants: a function of the two, whatever came before.
// Promise: what is not wanted is stopped, what is wanted and not running is started, a slot runs one attempt at a time.

import { type AttemptRef, type Fence, isBeforeFence, isSameAttempt } from './fence.ts';

/** What the agent should be running, at least in so far as this decision needs to know. */
export type Desired = AttemptRef & { readonly slot: string; readonly exclusive?: boolean };

/**
 * An attempt that occupies its slot. Once it is stopping or finishing it occupies the slot until it is gone. It is ahead while what
 * is wanted was said before the coordinator could know that it has gone on in place.
 */
export type Occupant = Desired & { readonly stopping: boolean; readonly isAhead: boolean };

/** What the agent is. */
export type Actual = {
  readonly slots: readonly string[];
  readonly occupants: readonly Occupant[];
  readonly fence: Fence;
  /** False while the agent drains or does not know what is wanted now. */
  readonly mayStart: boolean;
  /** True while an exclusive attempt may not begin: somebody else may be given it soon. */
  readonly isCutOff: boolean;
};

/** One step towards what is wanted. */
export type Action<D extends Desired> =
  | { readonly kind: 'start'; readonly assignment: D }
  | { readonly kind: 'stop'; readonly occupant: Occupant };

/** The steps to take now. A wanted attempt whose slot is taken is started by a later call, once the slot is free. */
export function reconcile<D extends Desired>(
  actual: Actual,
  desired: readonly D[],
): readonly Action<D>[] {
  return [...toStops(actual, desired), ...toStarts(actual, desired)];
}

function toStops<D extends Desired>(actual: Actual, desired: readonly D[]): Action<D>[] {
  return actual.occupants
    .filter(({ stopping, isAhead }) => !stopping && !isAhead)
    .filter((occupant) => !desired.some((want) => isOf(want, occupant)))
    .map((occupant) => ({ kind: 'stop', occupant }));
}

function toStarts<D extends Desired>(actual: Actual, desired: readonly D[]): Action<D>[] {
  if (!actual.mayStart) return [];
  const taken = new Set(actual.occupants.map((occupant) => occupant.slot));
  const stages = new Set(actual.occupants.map((occupant) => occupant.stageId));
  const starts: Action<D>[] = [];
  for (const assignment of desired) {
    if (!actual.slots.includes(assignment.slot) || taken.has(assignment.slot)) continue;
    if (assignment.exclusive === true && actual.isCutOff) continue;
    if (stages.has(assignment.stageId) || !isBeforeFence(actual.fence, assignment)) continue;
    taken.add(assignment.slot);
    stages.add(assignment.stageId);
    starts.push({ kind: 'start', assignment });
  }
  return starts;
}

function isOf(want: Desired, occupant: Occupant): boolean {
  return isSameAttempt(want, occupant) && want.slot === occupant.slot;
}
