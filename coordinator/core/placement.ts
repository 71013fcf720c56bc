// Which free slot gets which pending stage. Pure, and in a stable order: agents by name, sweeps by priority and then by the fewest slots
// in use; of a sweep the stages of the highest priority, of those first one whose checkpoint the agent has, then the one with the longest
// path from its first epoch on.

import { isAside } from './aside.ts';
import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Agent, Checkpoint, Now, Slot, Stage, State, Sweep } from './model.ts';
import { isConnected } from './model.ts';
import { isWithinReach, latestCheckpoint } from './path.ts';
import { ranksOf } from './precedence.ts';
import { testOf, testsUnderWay } from './range-tests.ts';
import { isLeaving, isSuited, takes } from './suitability.ts';

/** Stages of one sweep and one priority that are looked at for one slot; those behind them have shorter paths. */
export const LOOK_AHEAD = 256;

type Ranks = ReturnType<typeof ranksOf>;
type FreeSlot = { readonly agent: Agent; readonly slot: Slot };
type Choice = { readonly stage: Stage; readonly start: Checkpoint | null };

/** The grants that can be made now. */
export function place(state: State, now: Now, limits: Limits): readonly Fact[] {
  const free = freeSlots(state, now, limits);
  if (free.length === 0) return [];
  const sweeps = [...state.sweeps.values()].filter(
    ({ id, state: is }) => is === 'running' && state.pendingOf.get(id)?.length,
  );
  if (sweeps.length === 0) return [];
  const inUse = countLeases(state);
  const taken = new Set<string>();
  const ranks = new Map(sweeps.map(({ id }) => [id, ranksOf(state, id)]));
  const grants: Fact[] = [];
  for (const target of free) {
    const choice = choose(state, now, inOrder(sweeps, inUse), ranks, target, taken);
    if (choice === undefined) continue;
    const { id: stageId, sweepId, attempt } = choice.stage;
    taken.add(stageId);
    inUse.set(sweepId, (inUse.get(sweepId) ?? 0) + 1);
    grants.push({
      kind: 'lease-granted',
      stageId,
      attempt: attempt + 1,
      agentId: target.agent.id,
      slot: target.slot.name,
      start: choice.start && { stageId: choice.start.stageId, epoch: choice.start.epoch },
      wallMs: now.wallMs,
    });
  }
  return grants;
}

function freeSlots(state: State, now: Now, limits: Limits): readonly FreeSlot[] {
  return [...state.agents.values()]
    .filter(
      (agent) =>
        isConnected(state, agent.id) && !isLeaving(agent) && isFresh(state, agent.id, now, limits),
    )
    .toSorted((a, b) => (a.name < b.name || (a.name === b.name && a.id < b.id) ? -1 : 1))
    .flatMap((agent) =>
      agent.slots
        .filter((slot) => !state.leasesOf.get(agent.id)?.has(slot.name))
        .filter((slot) => !isAside(state, { agentId: agent.id, slot: slot.name }, now))
        .map((slot) => ({ agent, slot })),
    );
}

/** Whether an agent has been heard lately enough to be given something. */
export function isFresh(state: State, agentId: string, now: Now, limits: Limits): boolean {
  const seen = state.contacts.get(agentId)?.seenMonoMs ?? null;
  return seen !== null && now.monoMs - seen < limits.suspectMs;
}

/** Slots in use by each sweep. */
function countLeases(state: State): Map<string, number> {
  const counts = new Map<string, number>();
  for (const leases of state.leasesOf.values())
    for (const stageId of leases.values()) {
      const sweepId = state.stages.get(stageId)?.sweepId ?? '';
      counts.set(sweepId, (counts.get(sweepId) ?? 0) + 1);
    }
  return counts;
}

function inOrder(sweeps: readonly Sweep[], inUse: ReadonlyMap<string, number>): readonly Sweep[] {
  return sweeps.toSorted(
    (a, b) => b.priority - a.priority || (inUse.get(a.id) ?? 0) - (inUse.get(b.id) ?? 0),
  );
}

function choose(
  state: State,
  now: Now,
  sweeps: readonly Sweep[],
  ranks: ReadonlyMap<string, Ranks>,
  free: FreeSlot,
  taken: ReadonlySet<string>,
): Choice | undefined {
  for (const sweep of sweeps) {
    if (!takes(sweep, free.slot)) continue;
    for (const queue of ranks.get(sweep.id) ?? []) {
      const choices = choicesFor(state, now, sweep, queue, free, taken);
      const choice =
        choices.find(({ start }) => start?.agentIds.includes(free.agent.id)) ?? choices[0];
      if (choice !== undefined) return choice;
    }
  }
  return undefined;
}

/** Of these stages of a sweep those that the slot can train now, the longest path first. */
function choicesFor(
  state: State,
  now: Now,
  sweep: Sweep,
  queue: readonly string[],
  { agent, slot }: FreeSlot,
  taken: ReadonlySet<string>,
): readonly Choice[] {
  const choices: Choice[] = [];
  let looked = 0;
  const underWay = testsUnderWay(state, sweep.id, taken);
  for (const stageId of queue) {
    const stage = state.stages.get(stageId);
    if (stage === undefined || taken.has(stageId)) continue;
    if ((state.waiting.get(stageId) ?? 0) > now.monoMs) continue;
    const test = testOf(state, stage);
    if (test !== undefined && underWay.has(test)) continue;
    if (++looked > LOOK_AHEAD) break;
    const start = latestCheckpoint(state, stage, (checkpoint) => isWithinReach(state, checkpoint));
    const isHere = start === null || start.isStored || start.agentIds.includes(agent.id);
    if (isHere && isSuited(state, stage, { agentId: agent.id, slot: slot.name }))
      choices.push({ stage, start });
  }
  return choices;
}
