// What must hold after every commit of the coordinator, and after every restart.

import { isDeepStrictEqual } from 'node:util';
import type { State, Trial } from '../../../coordinator/core/model.ts';
import { isFinal } from '../../../coordinator/core/model.ts';
import { recordViolations, violations } from '../../support/invariants.ts';
import { grantViolations, lossViolations, stepViolations } from '../../support/step-invariants.ts';
import type { Commit, Invariant, Restart } from './invariant.ts';

export const AFTER_COMMIT: readonly Invariant<Commit>[] = [
  {
    name: 'sound-state',
    promises: [1, 9],
    says: 'leases and slots name each other; queues, counts, totals, leaders and open trees are those of the trials and stages; a trial does what its stage does',
    find: ({ view, looked }) => violations(view, looked),
  },
  {
    name: 'no-way-back',
    promises: [1, 2, 6, 9],
    says: 'what has ended does not change, nothing loses epochs or attempts, and what an open stage would resume from is not let go',
    find: ({ before, state, facts }) => stepViolations(before, state, facts),
  },
  {
    name: 'rows-of-the-ended',
    promises: [2, 3],
    says: 'when a trial ends, the rows have each of its epochs once, and its best and latest value are those of the rows, to the bit',
    find: ({ state, facts, store }) => recordViolations(trialsThatEnded(state, facts), store),
  },
  {
    name: 'stored-is-whole',
    promises: [4],
    says: 'the coordinator has every file of every checkpoint that it calls stored',
    find: ({ state, blobs }) =>
      [...state.checkpoints.values()]
        .flat()
        .filter(({ isStored, files }) => isStored && files.some(({ sha256 }) => !blobs.has(sha256)))
        .map(
          ({ stageId, epoch }) =>
            `the checkpoint of ${stageId} at ${epoch} is stored, and files of it are not`,
        ),
  },
  {
    name: 'grace',
    promises: [5],
    says: 'for five minutes after a start of the coordinator nobody is lost who was not heard from since',
    find: ({ facts, monoMs, graceEndsMs, heard }) =>
      facts
        .filter((fact) => fact.kind === 'agent-lost')
        .filter(({ agentId }) => monoMs < graceEndsMs && !heard.has(agentId))
        .map(
          ({ agentId }) => `${agentId} is lost ${graceEndsMs - monoMs} ms before the grace ends`,
        ),
  },
  {
    name: 'lost-in-time',
    promises: [5, 6],
    says: 'nobody is lost before its lease is over, nor while most of four or more agents are silent',
    find: ({ before, facts, monoMs, limits }) => lossViolations(before, facts, monoMs, limits),
  },
  {
    name: 'granted-to-the-heard',
    promises: [9],
    says: 'nothing is given to an agent that has been silent for 30 s, nor to a slot that was set aside',
    find: ({ state, facts, monoMs, limits }) => grantViolations(state, facts, monoMs, limits),
  },
];

export const AFTER_RESTART: readonly Invariant<Restart>[] = [
  {
    name: 'rows-say-the-same',
    promises: [3],
    says: 'what a coordinator loads when it starts is what the one before it knew',
    find: ({ before, after }) =>
      isDeepStrictEqual(before, after) ? [] : ['the state that was loaded is another'],
  },
];

/** The state, with no trials but these. */
function trialsThatEnded(state: State, facts: Commit['facts']): State {
  const trials = new Map<string, Trial>();
  for (const fact of facts) {
    const trial = fact.kind === 'trial-ended' ? state.trials.get(fact.trialId) : undefined;
    if (trial !== undefined && isFinal(trial.state)) trials.set(trial.id, trial);
  }
  return { ...state, trials };
}
