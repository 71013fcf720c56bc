import { expect, test } from 'vitest';
import {
  type MemberSpec,
  observe,
  partition,
  toFollowers,
  toMembers,
} from '../../../agent/core/cohort.ts';

const RUN = { stepsPerEpoch: 2, objective: { metric: 'val_loss', mode: 'min' } } as const;

function toSpec(trialId: string, spec: MemberSpec['spec'], epochs = 10): MemberSpec {
  return { trialId, spec, epochs };
}

function toPlateau(trialId: string, patience: number): MemberSpec {
  return toSpec(trialId, { strategy: 'plateau', lr: 0.1, patience, factor: 0.5 });
}

function namesOf(classes: ReturnType<typeof partition>): string[] {
  return classes.map(({ members }) => members.map(({ trialId }) => trialId).join('+'));
}

test('members with equal rates are one class, others their own, in the order of their first members', () => {
  const members = toMembers(
    [
      toSpec('a', { strategy: 'fixed', lr: 0.1 }),
      toSpec('b', { strategy: 'fixed', lr: 0.2 }),
      toSpec('c', { strategy: 'fixed', lr: Math.fround(0.1) }),
    ],
    RUN,
  );
  expect(namesOf(partition(members, 0, 2))).toEqual(['a+c', 'b']);
});

test('members part at the epoch where their rates part, and not before', () => {
  const members = toMembers(
    [
      toSpec('fixed', { strategy: 'fixed', lr: 0.1 }),
      toSpec('step', { strategy: 'step', lr: 0.1, step_size: 3, gamma: 0.5 }),
    ],
    RUN,
  );
  const parts = [0, 1, 2, 3].map((epoch) => namesOf(partition(members, epoch, 2)));
  expect(parts).toEqual([['fixed+step'], ['fixed+step'], ['fixed+step'], ['fixed', 'step']]);
});

test('strategies that follow metrics part when the metrics make them', () => {
  let members = toMembers([toPlateau('hasty', 1), toPlateau('patient', 3)], RUN);
  for (const epoch of [0, 1]) {
    expect(namesOf(partition(members, epoch, 2))).toEqual(['hasty+patient']);
    members = observe(members, epoch, { val_loss: 1 });
  }
  const [hasty, patient] = partition(members, 2, 2);
  expect(hasty?.controls.learningRate).toBe(Math.fround(0.05));
  expect(patient?.controls.learningRate).toBe(Math.fround(0.1));
});

test('a member whose epochs are trained leaves', () => {
  const spec = { strategy: 'fixed', lr: 0.1 };
  const members = toMembers([toSpec('short', spec, 1), toSpec('long', spec, 2)], RUN);
  expect(namesOf(partition(members, 0, 2))).toEqual(['short+long']);
  expect(namesOf(partition(members, 1, 2))).toEqual(['long']);
  expect(partition(members, 2, 2)).toEqual([]);
});

test("the objective is followed, and a strategy follows the objective's metric unless it names another", () => {
  const named = { strategy: 'plateau', lr: 0.1, monitor: 'val_accuracy', mode: 'max' };
  const members = toMembers(
    [toPlateau('t1', 1), toSpec('t2', named), toSpec('t3', { strategy: 'fixed', lr: 1 })],
    RUN,
  );
  expect(toFollowers(members, RUN.objective).map(({ metric }) => metric)).toEqual([
    'val_loss',
    'val_loss',
    'val_accuracy',
  ]);
});

test('a strategy that cannot be run is refused with its trial and what is wrong', () => {
  const broken = toSpec('t9', { strategy: 'fixed', lr: -1 });
  expect(() => toMembers([broken], RUN)).toThrow(/trial t9.*lr/);
});
