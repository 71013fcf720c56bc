// Why a sweep as a whole is where it is: how its trials stand, and what those that wait are waiting for.

import { groupBy } from '../../../src/domain/group-by.ts';
import type { NowReason, SweepReason } from '../../../src/why/reason.ts';
import type { Limits } from '../limits.ts';
import { openTrials } from '../members.ts';
import type { Now, Stage, State, Sweep } from '../model.ts';
import { NO_TRIALS } from '../model.ts';
import { explainWait } from './waiting.ts';

/** Stages at the head of the queue that are looked at one by one: those behind them wait for what they wait for. */
const LOOKED_AT_MOST = 20;

/** Nothing of a sweep that is not there. */
export function explainSweep(
  state: State,
  sweepId: string,
  now: Now,
  limits: Limits,
): readonly (SweepReason | NowReason)[] {
  const sweep = state.sweeps.get(sweepId);
  if (sweep === undefined) return [];
  return [toWhole(state, sweep), ...explainQueue(state, sweep, now, limits)];
}

function toWhole(state: State, { id, state: is, priority }: Sweep): SweepReason {
  const stages = [...state.leasesOf.values()].flatMap((slots) => [...slots.values()]);
  const slotsInUse = stages.filter((stageId) => state.stages.get(stageId)?.sweepId === id).length;
  const counts = { ...(state.counts.get(id) ?? NO_TRIALS) };
  return { kind: 'sweep', state: is, priority, slotsInUse, counts };
}

/** Stages that wait for the same main reason together, with what it is of the first of them. */
function explainQueue(
  state: State,
  { id }: Sweep,
  now: Now,
  limits: Limits,
): readonly SweepReason[] {
  const waiting = (state.pendingOf.get(id) ?? [])
    .slice(0, LOOKED_AT_MOST)
    .map((stageId) => state.stages.get(stageId))
    .filter((stage) => stage !== undefined)
    .flatMap((stage) => toWaiting(state, stage, now, limits));
  return [...groupBy(waiting, ({ reason }) => reason.kind).values()].flatMap((group) => {
    const [first] = group;
    const trials = group.reduce((sum, { count }) => sum + count, 0);
    if (first === undefined) return [];
    return [{ kind: 'stages-waiting', stages: group.length, trials, reason: first.reason }];
  });
}

function toWaiting(state: State, stage: Stage, now: Now, limits: Limits): readonly Waiting[] {
  const [reason] = explainWait(state, stage, now, limits);
  return reason === undefined ? [] : [{ reason, count: openTrials(state, stage).length }];
}

type Waiting = {
  readonly reason: Extract<SweepReason, { kind: 'stages-waiting' }>['reason'];
  readonly count: number;
};
