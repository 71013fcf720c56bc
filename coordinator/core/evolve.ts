// The only maker of State. Total and without refusal: a fact has already become true.
// It takes over the state that it is given and returns it changed, so that a fact costs the same in a sweep of a hundred
// thousand trials as in one of ten: whoever holds a State reads it before the next fact, and records in it never change.

import type { Fact } from './fact.ts';
import type { Agent, Stage, State, Trial, TrialState } from './model.ts';
import { isFinal, NO_TRIALS } from './model.ts';

type Mutable = {
  -readonly [K in keyof State]: State[K] extends ReadonlyMap<infer I, infer V>
    ? Map<I, V extends readonly string[] ? string[] : V>
    : never;
};

/** How much of a sweep's pace stays when an epoch is averaged in; the epoch's own time is the rest. */
const PACE_KEPT = 0.9;

/** Applies a fact. The given state must not be used afterwards. */
export function evolve(given: State, fact: Fact): State {
  // Every map of a State is made by emptyState or by the loader as a Map; the types only hide its setters from readers.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const state = given as Mutable;
  apply(state, fact);
  return state;
}

function apply(state: Mutable, fact: Fact): void {
  switch (fact.kind) {
    case 'sweep-submitted':
      state.sweeps.set(fact.sweep.id, fact.sweep);
      state.trialsOf.set(fact.sweep.id, []);
      state.pendingOf.set(fact.sweep.id, []);
      state.counts.set(fact.sweep.id, NO_TRIALS);
      return;
    case 'trial-created':
      return createTrial(state, fact.trial);
    case 'stage-created':
      state.stages.set(fact.stage.id, fact.stage);
      return addPending(state, fact.stage);
    case 'agent-joined':
      return joinAgent(state, fact);
    case 'agent-seen':
      state.contacts.set(fact.agentId, { seenMonoMs: fact.monoMs, untilMonoMs: fact.untilMonoMs });
      return;
    case 'agent-lost':
      return setAgent(state, fact.agentId, { state: 'lost' });
    case 'agent-left':
      return setAgent(state, fact.agentId, { state: 'gone' });
    case 'report-taken':
      return setAgent(state, fact.agentId, { lastSequence: fact.sequence });
    case 'lease-granted':
      return grantLease(state, fact);
    case 'lease-ended':
      return endLease(state, fact);
    case 'stage-opened':
      return setStage(state, fact.stageId, {
        stepsPerEpoch: fact.stepsPerEpoch,
        numerics: fact.numerics,
      });
    case 'epoch-recorded':
      return recordEpoch(state, fact);
    case 'epoch-repeated':
      return repeatEpoch(state, fact);
    case 'series-recorded':
    case 'log-recorded':
      return;
    case 'trial-ended':
      return setTrial(state, fact.trialId, { state: fact.state, message: fact.message });
    case 'stage-ended':
      return endStage(state, fact.stageId);
    case 'sweep-ended':
      return endSweep(state, fact);
  }
}

type Of<K extends Fact['kind']> = Extract<Fact, { kind: K }>;

function createTrial(state: Mutable, trial: Trial): void {
  state.trials.set(trial.id, trial);
  // The list grows in place: copying it for each of n trials would cost n².
  known(state.trialsOf, trial.sweepId).push(trial.id);
  count(state, trial.sweepId, trial.state, 1);
}

function joinAgent(state: Mutable, fact: Of<'agent-joined'>): void {
  const lastSequence = state.agents.get(fact.agentId)?.lastSequence ?? 0;
  const { kind: _, agentId, ...rest } = fact;
  state.agents.set(agentId, { id: agentId, ...rest, state: 'connected', lastSequence });
  if (!state.leasesOf.has(agentId)) state.leasesOf.set(agentId, new Map());
}

function grantLease(state: Mutable, fact: Of<'lease-granted'>): void {
  const { stageId, attempt, agentId, slot } = fact;
  removePending(state, known(state.stages, stageId));
  setStage(state, stageId, { state: 'leased', attempt, lease: { agentId, slot } });
  state.leasesOf.set(agentId, new Map(known(state.leasesOf, agentId)).set(slot, stageId));
  state.waiting.delete(stageId);
  for (const trialId of known(state.stages, stageId).members)
    moveTrial(state, trialId, { state: 'running', stageId });
}

function endLease(state: Mutable, fact: Of<'lease-ended'>): void {
  const stage = known(state.stages, fact.stageId);
  if (stage.lease !== null) freeSlot(state, stage.lease.agentId, stage.lease.slot);
  setStage(state, stage.id, {
    state: 'pending',
    lease: null,
    failures: stage.failures + (fact.end === 'failed' ? 1 : 0),
    losses: stage.losses + (fact.end === 'lost' ? 1 : 0),
    lastFailure: fact.failure ?? stage.lastFailure,
  });
  addPending(state, known(state.stages, stage.id));
  if (fact.waitUntilMonoMs !== null) state.waiting.set(stage.id, fact.waitUntilMonoMs);
  for (const trialId of stage.members) moveTrial(state, trialId, { state: 'pending' });
}

function recordEpoch(state: Mutable, fact: Of<'epoch-recorded'>): void {
  const stage = known(state.stages, fact.stageId);
  const pace = state.paces.get(stage.sweepId) ?? fact.seconds;
  state.paces.set(stage.sweepId, PACE_KEPT * pace + (1 - PACE_KEPT) * fact.seconds);
  setStage(state, stage.id, { recordedEpochs: fact.epoch - stage.fromEpoch + 1 });
  for (const trialId of stage.members) {
    moveTrial(state, trialId, {
      epochsDone: fact.epoch + 1,
      last: fact.value,
      learningRate: fact.rates.last,
      ...(fact.isBest ? { best: { epoch: fact.epoch, value: fact.value } } : {}),
    });
  }
}

function repeatEpoch(state: Mutable, fact: Of<'epoch-repeated'>): void {
  const stage = known(state.stages, fact.stageId);
  setStage(state, stage.id, {
    repeatedEpochs: stage.repeatedEpochs + 1,
    reproducible: stage.reproducible && fact.isSame,
  });
}

function endStage(state: Mutable, stageId: string): void {
  const stage = known(state.stages, stageId);
  if (stage.lease !== null) freeSlot(state, stage.lease.agentId, stage.lease.slot);
  removePending(state, stage);
  state.waiting.delete(stageId);
  setStage(state, stageId, { state: 'ended', lease: null });
}

function endSweep(state: Mutable, fact: Of<'sweep-ended'>): void {
  const sweep = known(state.sweeps, fact.sweepId);
  state.sweeps.set(sweep.id, { ...sweep, state: fact.state, endedWallMs: fact.wallMs });
}

/** Nothing changes a trial that has ended, whatever its stage does for the others. */
function moveTrial(state: Mutable, trialId: string, change: Partial<Trial>): void {
  if (!isFinal(known(state.trials, trialId).state)) setTrial(state, trialId, change);
}

function setTrial(state: Mutable, trialId: string, change: Partial<Trial>): void {
  const before = known(state.trials, trialId);
  const after = { ...before, ...change };
  state.trials.set(trialId, after);
  if (before.state === after.state) return;
  count(state, before.sweepId, before.state, -1);
  count(state, before.sweepId, after.state, 1);
}

function setStage(state: Mutable, stageId: string, change: Partial<Stage>): void {
  state.stages.set(stageId, { ...known(state.stages, stageId), ...change });
}

function setAgent(state: Mutable, agentId: string, change: Partial<Agent>): void {
  state.agents.set(agentId, { ...known(state.agents, agentId), ...change });
}

function count(state: Mutable, sweepId: string, trialState: TrialState, by: number): void {
  const before = known(state.counts, sweepId);
  state.counts.set(sweepId, { ...before, [trialState]: before[trialState] + by });
}

function freeSlot(state: Mutable, agentId: string, slot: string): void {
  const leases = new Map(known(state.leasesOf, agentId));
  leases.delete(slot);
  state.leasesOf.set(agentId, leases);
}

function addPending(state: Mutable, stage: Stage): void {
  const queue = known(state.pendingOf, stage.sweepId);
  queue.splice(firstFrom(state, queue, placeOf(state, stage) + 1), 0, stage.id);
}

function removePending(state: Mutable, stage: Stage): void {
  const queue = known(state.pendingOf, stage.sweepId);
  const at = queue.indexOf(stage.id, firstFrom(state, queue, placeOf(state, stage)));
  if (at >= 0) queue.splice(at, 1);
}

/** Where in a queue, which is in order, the places from `place` on begin. */
function firstFrom(state: Mutable, queue: readonly string[], place: number): number {
  let [from, to] = [0, queue.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (placeOf(state, known(state.stages, queue[middle] ?? '')) < place) from = middle + 1;
    else to = middle;
  }
  return from;
}

function placeOf(state: Mutable, stage: Stage): number {
  return known(state.trials, stage.members[0] ?? '').number;
}

function known<V>(map: ReadonlyMap<string, V>, key: string): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no such record: ${key}`);
  return value;
}
