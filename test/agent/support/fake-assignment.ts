// Assignments as tests say them: what a test does not care for has a default.

import type { SourcedAssignment } from '../../../agent/core/assignment.ts';
import { toTrialId } from '../../../src/domain/ids.ts';
import type { Member } from '../../../src/wire/generated/espalier/v1/agent.ts';

/** A trial of an assignment; its number is its place in the list, from 1. */
export type FakeTrial = { readonly strategy?: object; readonly epochs?: number };

/** What a test says of an assignment. Without `trials` it has one, as `epochs` and `strategy` say. */
export type FakeAssignment = Partial<SourcedAssignment> &
  FakeTrial & { readonly config?: object; readonly trials?: readonly FakeTrial[] };

/** The assignment, and the trials that `GetMembers` names. */
export function toFakeAssignment(changes: FakeAssignment & { readonly bundleSha256: string }): {
  readonly assignment: SourcedAssignment;
  readonly members: readonly Member[];
} {
  const { config = {}, trials = [changes], epochs: _, strategy: __, ...rest } = changes;
  const assignment = {
    ...DEFAULTS,
    configJson: JSON.stringify(config),
    memberCount: trials.length,
    mostEpochs: Math.max(...trials.map(({ epochs = EPOCHS }) => epochs)),
    ...rest,
  };
  const members = trials.map((trial, i) => toMember(assignment.sweepId, i + 1, trial));
  return { assignment, members };
}

const EPOCHS = 3;

const DEFAULTS = {
  stageId: 's1',
  attempt: 1,
  slot: 'cpu0',
  sweepId: 'w1',
  files: [],
  seed: 1,
  fromEpoch: 0,
  backends: [],
  objective: { metric: 'val_loss', mode: 'min' },
  recordedEpochs: 0,
  start: undefined,
  checkpointEvery: 1_000,
  keep: 'none',
  bestValue: undefined,
  absent: [],
  pausing: [],
  exclusive: false,
} satisfies Partial<SourcedAssignment>;

function toMember(sweepId: string, number: number, trial: FakeTrial): Member {
  const { epochs = EPOCHS, strategy = { strategy: 'fixed', lr: 0.1 } } = trial;
  const strategyJson = JSON.stringify(strategy);
  return { trialId: toTrialId(sweepId, number), number, strategyJson, epochs };
}
