// Which free slot gets which pending stage. Pure, and in a stable order: agents by name, sweeps by priority and then by
// the fewest slots in use, stages by their leading trial.

import type { Fact } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Agent, Now, Slot, State, Sweep } from './model.ts';
import { isConnected } from './model.ts';

type FreeSlot = { readonly agent: Agent; readonly slot: Slot };

/** The grants that can be made now. */
export function place(state: State, now: Now, limits: Limits): readonly Fact[] {
  const free = freeSlots(state, now, limits);
  if (free.length === 0) return [];
  const running = [...state.sweeps.values()].filter((sweep) => sweep.state === 'running');
  const queues = new Map(
    running.map((sweep) => [sweep.id, pendingNow(state, sweep.id, now, free.length)]),
  );
  const inUse = new Map(
    running.map((sweep) => [sweep.id, state.counts.get(sweep.id)?.running ?? 0]),
  );
  const grants: Fact[] = [];
  for (const { agent, slot } of free) {
    const sweep = nextSweep(running, queues, inUse, slot);
    const stageId = sweep && queues.get(sweep.id)?.shift();
    if (sweep === undefined || stageId === undefined) continue;
    inUse.set(sweep.id, (inUse.get(sweep.id) ?? 0) + 1);
    const attempt = (state.stages.get(stageId)?.attempt ?? 0) + 1;
    grants.push({
      kind: 'lease-granted',
      stageId,
      attempt,
      agentId: agent.id,
      slot: slot.name,
      wallMs: now.wallMs,
    });
  }
  return grants;
}

function freeSlots(state: State, now: Now, limits: Limits): readonly FreeSlot[] {
  return [...state.agents.values()]
    .filter(
      (agent) =>
        isConnected(state, agent.id) && !agent.draining && isFresh(state, agent.id, now, limits),
    )
    .toSorted((a, b) => (a.name < b.name || (a.name === b.name && a.id < b.id) ? -1 : 1))
    .flatMap((agent) =>
      agent.slots
        .filter((slot) => !state.leasesOf.get(agent.id)?.has(slot.name))
        .map((slot) => ({ agent, slot })),
    );
}

function isFresh(state: State, agentId: string, now: Now, limits: Limits): boolean {
  const seen = state.contacts.get(agentId)?.seenMonoMs ?? null;
  return seen !== null && now.monoMs - seen < limits.suspectMs;
}

function pendingNow(state: State, sweepId: string, now: Now, most: number): string[] {
  const ready: string[] = [];
  for (const stageId of state.pendingOf.get(sweepId) ?? []) {
    if ((state.waiting.get(stageId) ?? 0) > now.monoMs) continue;
    ready.push(stageId);
    if (ready.length === most) break;
  }
  return ready;
}

function nextSweep(
  running: readonly Sweep[],
  queues: ReadonlyMap<string, readonly string[]>,
  inUse: ReadonlyMap<string, number>,
  slot: Slot,
): Sweep | undefined {
  return running
    .filter((sweep) => queues.get(sweep.id)?.length && takes(sweep, slot))
    .toSorted(
      (a, b) =>
        b.spec.priority - a.spec.priority || (inUse.get(a.id) ?? 0) - (inUse.get(b.id) ?? 0),
    )[0];
}

function takes(sweep: Sweep, slot: Slot): boolean {
  return sweep.spec.slots.kind === 'any' || sweep.spec.slots.kind === slot.kind;
}
