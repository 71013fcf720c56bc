// Slot by slot, why a stage that waits is not given it. The same rules as `placement.ts`, asked one after the other.
// Promise: `free` is said only of a slot that the next placement gives to something.

import type { Limits } from '../limits.ts';
import type { Agent, Checkpoint, Now, Slot, Stage, State } from '../model.ts';
import { isConnected, toSlotKey } from '../model.ts';
import { isAside } from '../aside.ts';
import { isWithinReach, latestCheckpoint } from '../path.ts';
import { isFresh, LOOK_AHEAD } from '../placement.ts';
import { priorityOf, ranksOf } from '../precedence.ts';
import { testOf, testsUnderWay } from '../range-tests.ts';
import { isLeaving, isSuited, takes } from '../suitability.ts';

/** Why one slot is not given to a stage. */
export type Verdict =
  | 'busy'
  | 'leaving'
  | 'silent'
  | 'aside'
  | 'checkpoint'
  | 'numerics'
  | 'past'
  | 'free';

/** A slot of the right kind of an agent that is connected. */
export type Judged = { readonly agent: Agent; readonly slot: Slot; readonly verdict: Verdict };

/** Every slot that a stage could ever be given. */
export function judgeSlots(
  state: State,
  stage: Stage,
  now: Now,
  limits: Limits,
): readonly Judged[] {
  const sweep = state.sweeps.get(stage.sweepId);
  const start = startOf(state, stage);
  const isFar = countAhead(state, stage, now) >= LOOK_AHEAD;
  return [...state.agents.values()]
    .filter(({ id }) => isConnected(state, id))
    .toSorted((a, b) => (a.name < b.name || (a.name === b.name && a.id < b.id) ? -1 : 1))
    .flatMap((agent) =>
      agent.slots
        .filter((slot) => sweep !== undefined && takes(sweep, slot))
        .map((slot) => ({
          agent,
          slot,
          verdict:
            findHindrance(state, agent, slot, now, limits) ??
            findMisfit(state, stage, start, agent, slot) ??
            (isFar ? 'past' : 'free'),
        })),
    );
}

/** What the stage would go on from; null: it begins from scratch. */
export function startOf(state: State, stage: Stage): Checkpoint | null {
  return latestCheckpoint(state, stage, (checkpoint) => isWithinReach(state, checkpoint));
}

/** Stages of the sweep that could go and are given slots before this one. */
export function stagesAhead(state: State, stage: Stage, now: Now): readonly Stage[] {
  const [first = [], ...lower] = ranksOf(state, stage.sweepId);
  const queue = lower.length === 0 ? first : [first, ...lower].flat();
  const underWay = testsUnderWay(state, stage.sweepId, new Set());
  return queue
    .slice(0, Math.max(0, queue.indexOf(stage.id)))
    .map((id) => state.stages.get(id))
    .filter((ahead) => ahead !== undefined)
    .filter((ahead) => (state.waiting.get(ahead.id) ?? 0) <= now.monoMs)
    .filter((ahead) => !underWay.has(testOf(state, ahead) ?? ''));
}

/** Of its own priority: how many are looked at is counted anew for each. */
function countAhead(state: State, stage: Stage, now: Now): number {
  const priority = priorityOf(state, stage);
  const ahead = stagesAhead(state, stage, now);
  return ahead.filter((other) => priorityOf(state, other) === priority).length;
}

/** Why the slot is given nothing. */
function findHindrance(
  state: State,
  agent: Agent,
  { name }: Slot,
  now: Now,
  limits: Limits,
): Verdict | undefined {
  if (state.leasesOf.get(agent.id)?.has(name) === true) return 'busy';
  if (isLeaving(agent)) return 'leaving';
  if (!isFresh(state, agent.id, now, limits)) return 'silent';
  return isAside(state, { agentId: agent.id, slot: name }, now) ? 'aside' : undefined;
}

/** Why the slot is not given this stage. */
function findMisfit(
  state: State,
  stage: Stage,
  start: Checkpoint | null,
  agent: Agent,
  { name }: Slot,
): Verdict | undefined {
  if (start !== null && !start.isStored && !start.agentIds.includes(agent.id)) return 'checkpoint';
  return isSuited(state, stage, { agentId: agent.id, slot: name }) ? undefined : 'numerics';
}

/** What a slot of the sweep is known to compute with. */
export function numericsAt(state: State, sweepId: string, { agent, slot }: Judged): string {
  return state.numericsOf.get(toSlotKey(sweepId, agent.id, slot.name)) ?? '';
}
