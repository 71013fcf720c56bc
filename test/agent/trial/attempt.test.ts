// One attempt against a trial's process that only writes down what it is asked.

import { expect, test } from 'vitest';
import type { MemberSpec } from '../../../agent/core/cohort.ts';
import type { AttemptHost } from '../../../agent/trial/attempt-host.ts';
import { runAttempt } from '../../../agent/trial/attempt.ts';
import type { Answer, Command } from '../../../src/trial/protocol.ts';

const STAGE = {
  stageId: 's1',
  attempt: 1,
  sweepId: 'w1',
  bundleSha256: 'a'.repeat(64),
  files: [],
  config: {},
  seed: 1,
  fromEpoch: 0,
  recordedEpochs: 0,
  backends: [],
  objective: { metric: 'loss', mode: 'min' },
  start: undefined,
  checkpointEvery: 9,
  keep: 'none',
  mostEpochs: 1,
  exclusive: false,
} as const;

/** Runs an attempt with these members; what its process was asked, and how it ended. */
async function attempt(
  members: readonly MemberSpec[],
  absent: readonly number[],
): Promise<{ readonly asked: readonly string[]; readonly outcome: string }> {
  const asked: string[] = [];
  const ask = async (command: Command): Promise<Answer> => {
    asked.push(command.kind);
    return answer(command);
  };
  const wishes = {
    absent: new Set(absent),
    pausing: new Set<number>(),
    bestValue: undefined,
    isToLeave: false,
  };
  const host: Partial<AttemptHost> = {
    limits: { openedMs: 0 },
    wishes: () => wishes,
    report: () => undefined,
    fetchSources: async () => ({ bundle: '', files: '' }),
    fetchMembers: async () => members,
    startTrainer: async () => ({ ask, tail: () => '' }),
    checkpoints: {} as AttemptHost['checkpoints'],
  };
  const { outcome } = await runAttempt(STAGE, host as AttemptHost);
  return { asked, outcome };
}

function answer(command: Command): Answer {
  if (command.kind === 'open')
    return { kind: 'opened', steps_per_epoch: 1, backend: '', numerics: '', can_save: false };
  if (command.kind !== 'epoch') return { kind: 'failed', message: `not here: ${command.kind}` };
  const { epoch } = command;
  return {
    kind: 'trained',
    epoch,
    metrics: { loss: 1 },
    steps: 1,
    learning_rate: 1,
    seconds: 1,
  };
}

function member(number: number, lr: unknown): MemberSpec {
  const spec = { strategy: 'fixed', lr } as MemberSpec['spec'];
  return { trialId: `w1/${number}`, number, spec, epochs: 1 };
}

test('nothing is tested for a trial that has ended: the others train at once', async () => {
  const members = [member(1, { find: { steps: 50 } }), member(2, 0.1)];
  expect(await attempt(members, [1])).toEqual({ asked: ['open', 'epoch'], outcome: 'completed' });
  expect((await attempt(members, [])).asked).toEqual(['open', 'range_test']);
});
