// The only maker of State. Total and without refusal: a fact has already become true.
// It takes over the state that it is given and returns it changed, so that a fact costs the same in a sweep of a hundred
// thousand trials as in one of ten: whoever holds a State reads it before the next fact, and records in it never change.

import { drainAgent, endContact, excuseAgent, joinAgent, seeAgent } from './evolve/agents.ts';
import { cloneTrial } from './evolve/clone.ts';
import { changeCheckpoint, dropCheckpoint, keepCheckpoint } from './evolve/checkpoints.ts';
import { endLease, grantLease, openStage } from './evolve/leases.ts';
import {
  known,
  type Mutable,
  rank,
  setAgent,
  setStage,
  setTrial,
  touchLease,
} from './evolve/mutable.ts';
import {
  createStage,
  endStage,
  pauseStage,
  recordEpoch,
  repeatEpoch,
  resumeStage,
} from './evolve/stages.ts';
import { clearAgent, setSlotAside, strikeSlot } from './evolve/strikes.ts';
import {
  createTrial,
  endSweep,
  endTrial,
  prioritiseTrial,
  reopenSweep,
  stageOf,
  submitSweep,
} from './evolve/sweeps.ts';
import type { Fact, FactOf } from './fact.ts';
import type { State } from './model.ts';
import { toSlotKey } from './model.ts';

/** Applies a fact. The given state must not be used afterwards. */
export function evolve(given: State, fact: Fact): State {
  // Every map of a State is made by emptyState or by the loader as a Map; the types only hide its setters from readers.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const state = given as Mutable;
  apply(state, fact.kind, fact);
  return state;
}

function apply<K extends Fact['kind']>(state: Mutable, kind: K, fact: FactOf[K]): void {
  APPLY[kind](state, fact);
}

/** Facts whose rows are all there is to be known of them. */
const nothing = (): void => undefined;

const APPLY: { readonly [K in Fact['kind']]: (state: Mutable, fact: FactOf[K]) => void } = {
  'sweep-submitted': (state, { sweep }) => submitSweep(state, sweep),
  'trial-created': (state, { trial }) => createTrial(state, trial),
  'trial-cloned': cloneTrial,
  'sweep-prioritised': (state, { sweepId, priority }) => {
    state.sweeps.set(sweepId, { ...known(state.sweeps, sweepId), priority });
  },
  'trial-prioritised': prioritiseTrial,
  'person-asked': nothing,
  'stage-created': (state, { stage }) => createStage(state, stage),
  'agent-joined': joinAgent,
  'agent-seen': seeAgent,
  'agent-lost': (state, { agentId }) => endContact(state, agentId, 'lost'),
  'agent-left': (state, { agentId }) => endContact(state, agentId, 'gone'),
  'agent-excused': excuseAgent,
  'agent-held': (state, { agentId, untilMonoMs }) => {
    state.held.set(agentId, untilMonoMs);
  },
  'slot-struck': strikeSlot,
  'slot-set-aside': setSlotAside,
  'agent-trusted': (state, { agentId }) => clearAgent(state, agentId),
  'agent-drained': (state, { agentId }) => drainAgent(state, agentId),
  'report-taken': (state, { agentId, sequence }) =>
    setAgent(state, agentId, { lastSequence: sequence }),
  'reports-forgotten': (state, { agentId, toSequence }) =>
    setAgent(state, agentId, { lastSequence: toSequence }),
  'attempt-passed': (state, { stageId, attempt }) => setStage(state, stageId, { attempt }),
  'lease-granted': grantLease,
  'lease-ended': endLease,
  'numerics-learned': (state, { sweepId, agentId, slot, numerics }) => {
    state.numericsOf.set(toSlotKey(sweepId, agentId, slot), numerics);
  },
  'stage-opened': openStage,
  'stage-forked': nothing,
  'epoch-recorded': recordEpoch,
  'epoch-repeated': repeatEpoch,
  'series-recorded': nothing,
  'log-recorded': nothing,
  'checkpoint-saved': (state, { checkpoint }) => {
    keepCheckpoint(state, checkpoint);
    touchLease(state, known(state.stages, checkpoint.stageId));
  },
  'checkpoint-stored': (state, ref) =>
    changeCheckpoint(state, ref, (checkpoint) => ({ ...checkpoint, isStored: true })),
  'checkpoint-released': dropCheckpoint,
  'pause-requested': (state, { trialId, isPausing }) => {
    setTrial(state, trialId, { isPausing });
    touchLease(state, stageOf(state, trialId));
  },
  'stage-paused': (state, { stageId }) => pauseStage(state, stageId),
  'stage-resumed': (state, { stageId }) => resumeStage(state, stageId),
  'rates-found': nothing,
  'strategy-settled': (state, { trialId, strategy, strategyLabel }) =>
    setTrial(state, trialId, { strategy, strategyLabel }),
  'trial-ended': endTrial,
  'trial-reopened': (state, { trialId }) => {
    setTrial(state, trialId, { state: 'pending', message: '' });
    rank(state, trialId);
  },
  'stage-ended': (state, { stageId }) => endStage(state, stageId),
  'sweep-ended': endSweep,
  'sweep-reopened': (state, { sweepId }) => reopenSweep(state, sweepId),
};
