// A State while `evolve` changes it: its maps can be set, its records cannot.

import type { Agent, Stage, State, Sweep, Totals, Trial, TrialState } from '../model.ts';
import { findLeader, leads } from '../leader.ts';
import { compareStages } from '../queue.ts';

/** The maps of a State with their setters. Lists and sets in them grow in place; records are replaced. */
export type Mutable = {
  -readonly [K in keyof State]: State[K] extends ReadonlyMap<infer I, infer V>
    ? Map<I, MutableValue<K, V>>
    : never;
};

type MutableValue<K, V> = K extends 'trialsOf' | 'pendingOf'
  ? string[]
  : K extends 'openOf' | 'prioritisedOf'
    ? Set<string>
    : V;

/** The record of `key`, which must be there. */
export function known<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no such record: ${key}`);
  return value;
}

/** Changes a trial, and what is counted and ranked by it. */
export function setTrial(state: Mutable, trialId: string, change: Partial<Trial>): void {
  const before = known(state.trials, trialId);
  const after = { ...before, ...change };
  state.trials.set(trialId, after);
  if (before.state === after.state) return;
  count(state, before.sweepId, before.state, -1);
  count(state, before.sweepId, after.state, 1);
}

/** Changes a stage, and what its sweep counts of it. */
export function setStage(state: Mutable, stageId: string, change: Partial<Stage>): void {
  const before = known(state.stages, stageId);
  const after = { ...before, ...change };
  state.stages.set(stageId, after);
  addTotals(state, before.sweepId, {
    trained: after.recordedEpochs - before.recordedEpochs,
    repeated: after.repeatedEpochs - before.repeatedEpochs,
    notReproducible: Number(before.reproducible) - Number(after.reproducible),
  });
}

/** Changes an agent. */
export function setAgent(state: Mutable, agentId: string, change: Partial<Agent>): void {
  state.agents.set(agentId, { ...known(state.agents, agentId), ...change });
}

/** Counts a trial in or out. */
export function count(state: Mutable, sweepId: string, trialState: TrialState, by: number): void {
  const before = known(state.counts, sweepId);
  state.counts.set(sweepId, { ...before, [trialState]: before[trialState] + by });
}

/**
 * Makes the leases of a stage's agent another map with the same content: who watches them sees that what they mean has changed,
 * since leases are replaced and never changed.
 */
export function touchLease(state: Mutable, stage: Stage): void {
  if (stage.lease === null) return;
  const { agentId } = stage.lease;
  state.leasesOf.set(agentId, new Map(known(state.leasesOf, agentId)));
}

/** Sets what a slot is leased to, or that it is free. */
export function setLease(
  state: Mutable,
  { agentId, slot }: { readonly agentId: string; readonly slot: string },
  stageId: string | null,
): void {
  const leases = new Map(known(state.leasesOf, agentId));
  if (stageId === null) leases.delete(slot);
  else leases.set(slot, stageId);
  state.leasesOf.set(agentId, leases);
}

/** Ranks a trial whose value or state has changed. */
export function rank(state: Mutable, trialId: string): void {
  const trial = known(state.trials, trialId);
  const sweep = known(state.sweeps, trial.sweepId);
  const leaderId = state.leaders.get(sweep.id);
  const leader = leaderId === undefined ? undefined : state.trials.get(leaderId);
  if (leaderId === trialId) return canFallBack(trial, sweep) ? rankAll(state, sweep.id) : undefined;
  if (leads(trial, leader, sweep)) state.leaders.set(sweep.id, trialId);
}

/** Puts a stage into the queue of its sweep. */
export function addPending(state: Mutable, stage: Stage): void {
  const queue = known(state.pendingOf, stage.sweepId);
  queue.splice(placeOf(state, queue, stage), 0, stage.id);
}

/** Takes a stage out of the queue of its sweep, if it is there. */
export function removePending(state: Mutable, stage: Stage): void {
  const queue = known(state.pendingOf, stage.sweepId);
  // Mostly it is the first one, which is granted, or the last one of many that are cancelled.
  if (queue.at(-1) === stage.id) queue.pop();
  else if (queue[0] === stage.id) queue.shift();
  else removeAt(queue, placeOf(state, queue, stage), stage.id);
}

/** A best value never gets worse; a latest one may, and a trial that fails has none. */
function canFallBack(trial: Trial, sweep: Sweep): boolean {
  const { at } = sweep.spec.objective;
  return at === 'last' || trial.state === 'failed' || trial.state === 'diverged';
}

function removeAt(queue: string[], at: number, stageId: string): void {
  if (queue[at] === stageId) queue.splice(at, 1);
}

function rankAll(state: Mutable, sweepId: string): void {
  const trials = known(state.trialsOf, sweepId).map((id) => known(state.trials, id));
  const leader = findLeader(trials, known(state.sweeps, sweepId));
  if (leader === undefined) state.leaders.delete(sweepId);
  else state.leaders.set(sweepId, leader.id);
}

function addTotals(state: Mutable, sweepId: string, more: Totals): void {
  if (more.trained === 0 && more.repeated === 0 && more.notReproducible === 0) return;
  const before = known(state.totals, sweepId);
  state.totals.set(sweepId, {
    trained: before.trained + more.trained,
    repeated: before.repeated + more.repeated,
    notReproducible: before.notReproducible + more.notReproducible,
  });
}

/** Where a stage stands, or would stand, in a queue, which is in order. */
function placeOf(state: Mutable, queue: readonly string[], stage: Stage): number {
  const isBefore = (at: number): boolean =>
    compareStages(state.trials, known(state.stages, queue[at] ?? ''), stage) < 0;
  let [from, to] = [0, queue.length];
  // Roots are made in their order.
  if (to > 0 && isBefore(to - 1)) return to;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isBefore(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
