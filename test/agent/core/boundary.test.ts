import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideStep, type Standing, type Step, type Wishes } from '../../../agent/core/boundary.ts';
import { type MemberSpec, observe, partition } from '../../../agent/core/cohort.ts';
import { join, RUN, toFixed, toSpec } from './member.ts';

const { stepsPerEpoch } = RUN;

/** What to do before `epoch`, which is due unless said otherwise. */
function decide(
  specs: readonly MemberSpec[],
  epoch: number,
  wishes: Partial<Wishes> = {},
  standing: Partial<Standing> = {},
): Step {
  return decideStep(
    { members: join(...specs), epoch, due: epoch, stepsPerEpoch, canSave: true, ...standing },
    { absent: new Set(), pausing: new Set(), bestValue: undefined, isToLeave: false, ...wishes },
  );
}

/** The decision without what tests need not see: who trains, or how they part. */
function outline(step: Step): unknown {
  if (step.kind === 'train') return { train: step.members.map(({ number }) => number) };
  if (step.kind !== 'fork') return step.kind;
  return { fork: step.classes, inPlace: step.inPlace };
}

test('members with equal rates train the epoch together, with those rates', () => {
  const step = decide([toFixed(1), toFixed(2, Math.fround(0.1))], 0);
  expect(outline(step)).toEqual({ train: [1, 2] });
  expect(step).toMatchObject({ controls: { learningRate: Math.fround(0.1) } });
});

test('members whose rates part are forked, and the class in place comes with its members', () => {
  const step = decide([toFixed(1, 0.2), toFixed(2), toFixed(4, 0.2), toFixed(7)], 3);
  expect(outline(step)).toEqual({
    fork: [
      [1, 4],
      [2, 7],
    ],
    inPlace: 0,
  });
  const inPlace = step.kind === 'fork' ? step.members : [];
  expect(inPlace.map(({ trialId }) => trialId)).toEqual(['w/1', 'w/4']);
});

test('the class with the most epochs left, all members together, goes on in place', () => {
  const long = [toFixed(1, 0.2, 4), toFixed(2, 0.1, 30)];
  expect(outline(decide(long, 2))).toEqual({ fork: [[1], [2]], inPlace: 1 });
  const many = [toFixed(1, 0.2, 20), toFixed(2, 0.1, 12), toFixed(3, 0.1, 11), toFixed(4, 0.1, 11)];
  expect(outline(decide(many, 2))).toEqual({ fork: [[1], [2, 3, 4]], inPlace: 1 });
  // Ten epochs later the one has more left than the three.
  expect(outline(decide(many, 10))).toEqual({ fork: [[1], [2, 3, 4]], inPlace: 0 });
});

test('of classes with as many epochs left the one with the smallest member goes on in place', () => {
  const specs = [toFixed(2, 0.3), toFixed(3, 0.2), toFixed(5, 0.1)];
  expect(outline(decide(specs, 1))).toEqual({ fork: [[2], [3], [5]], inPlace: 0 });
});

test('a member that pauses parts from those with equal rates, however many pause', () => {
  const specs = [toFixed(1), toFixed(2), toFixed(3)];
  const some = decide(specs, 4, { pausing: new Set([1, 2]) });
  expect(outline(some)).toEqual({ fork: [[1, 2], [3]], inPlace: 1 });
});

test('those that pause part from every class that has some of them, in the order of smallest members', () => {
  const specs = [toFixed(1), toFixed(2, 0.2), toFixed(3), toFixed(4, 0.2)];
  const step = decide(specs, 4, { pausing: new Set([1, 4]) });
  expect(outline(step)).toEqual({ fork: [[1], [2], [3], [4]], inPlace: 1 });
});

test.each([
  ['one', [toFixed(1)], [[1]]],
  ['all of one class', [toFixed(1), toFixed(2)], [[1, 2]]],
  ['all of several classes', [toFixed(1), toFixed(2, 0.2)], [[1], [2]]],
])('when every member pauses, %s, nobody goes on in place', (_what, specs, classes) => {
  const step = decide(specs, 4, { pausing: new Set([1, 2]) });
  expect(step).toEqual({ kind: 'fork', classes, inPlace: null, members: [] });
});

test('the pause of a trial that trains no further here changes nothing', () => {
  const specs = [toFixed(1, 0.1, 3), toFixed(2), toFixed(3)];
  const wishes = { pausing: new Set([1, 2, 9]), absent: new Set([2]) };
  expect(outline(decide(specs, 4, wishes))).toEqual({ train: [3] });
});

test('members that are absent or done are in no class, and their rates part nobody', () => {
  const specs = [toFixed(1, 0.5), toFixed(2, 0.1, 4), toFixed(3, 0.1), toFixed(4, 0.2)];
  const wishes = { absent: new Set([1]) };
  expect(outline(decide(specs, 3, wishes))).toEqual({ fork: [[2, 3], [4]], inPlace: 0 });
  expect(outline(decide(specs, 4, wishes))).toEqual({ fork: [[3], [4]], inPlace: 0 });
  expect(outline(decide(specs, 4, { absent: new Set([1, 4]) }))).toEqual({ train: [3] });
});

test('with nobody left the attempt ends, also before the epoch that is due and when it is to leave', () => {
  const specs = [toFixed(1, 0.1, 4), toFixed(2)];
  const absent = new Set([2]);
  expect(decide(specs, 4, { absent, isToLeave: true }).kind).toBe('end');
  expect(decide(specs, 4, { absent }, { due: 6 }).kind).toBe('end');
  expect(decide([toFixed(1, 0.1, 4)], 4, { pausing: new Set([1]) }).kind).toBe('end');
});

test('an attempt that is to leave is handed over before anything else is done', () => {
  expect(decide([toFixed(1)], 2, { isToLeave: true }).kind).toBe('hand-over');
  const differing = [toFixed(1), toFixed(2, 0.2)];
  expect(decide(differing, 2, { isToLeave: true, pausing: new Set([1]) }).kind).toBe('hand-over');
});

test('before the epoch that is due nobody forks or pauses: the epoch is trained again', () => {
  const wishes = { pausing: new Set([1, 2]) };
  const specs = [toFixed(1), toFixed(2)];
  expect(outline(decide(specs, 3, wishes, { due: 4 }))).toEqual({ train: [1, 2] });
  expect(outline(decide(specs, 3, wishes, { due: 4, canSave: false }))).toEqual({ train: [1, 2] });
});

test('on the way to the epoch that is due a trial that can be saved is handed over, too', () => {
  const leaving = { isToLeave: true };
  const standing = { due: 4 };
  expect(outline(decide([toFixed(1)], 3, leaving, standing))).toEqual('hand-over');
  const unsavable = { ...standing, canSave: false };
  expect(outline(decide([toFixed(1)], 3, leaving, unsavable))).toEqual({ train: [1] });
});

test('a member that cannot follow its metric parts from the others, and fails where it is alone', () => {
  const lost = toSpec(2, { strategy: 'plateau', lr: 0.1, monitor: 'val_f1', mode: 'max' });
  const [both, alone] = [[toFixed(1), lost], [lost]].map((specs) =>
    decide([], 1, {}, { members: observe(join(...specs), 0, { val_loss: 1 }) }),
  );
  expect(both && outline(both)).toEqual({ fork: [[1], [2]], inPlace: 0 });
  expect(alone).toEqual({
    kind: 'fail',
    message:
      'the learning-rate strategy of trial w/2 follows val_f1, which the trial does not report',
  });
});

test('members that differ in an epoch which they are recorded to have shared are refused in words', () => {
  expect(() => decide([toFixed(1), toFixed(2, 0.2)], 3, {}, { due: 4 })).toThrow(
    'the members differ in epoch 3, which they are recorded to have shared',
  );
});

test('trials that cannot be saved are parted into single ones, though their rates are equal', () => {
  const specs = [toFixed(1, 0.1, 4), toFixed(2), toFixed(3)];
  const unsavable = { canSave: false };
  expect(outline(decide(specs, 0, {}, unsavable))).toEqual({ fork: [[1], [2], [3]], inPlace: 1 });
  expect(outline(decide([toFixed(2)], 0, {}, unsavable))).toEqual({ train: [2] });
});

test('a trial that cannot be saved trains on when the attempt is to leave, and pauses all the same', () => {
  const unsavable = { canSave: false };
  expect(outline(decide([toFixed(2)], 3, { isToLeave: true }, unsavable))).toEqual({ train: [2] });
  const paused = decide([toFixed(2)], 3, { pausing: new Set([2]) }, unsavable);
  expect(outline(paused)).toEqual({ fork: [[2]], inPlace: null });
});

test('rates that nothing can be trained with are refused with the step and the value', () => {
  const strategy = { strategy: 'exponential', lr: 0.1, decay_rate: 1e80 };
  expect(() => decide([toSpec(1, strategy)], 1)).toThrow(
    'the strategy gives Infinity for step 0 of epoch 1, which is nothing to train with',
  );
  expect(() => decide([toSpec(1, strategy)], 0)).toThrow('gives Infinity for step 1 of epoch 0');
});

test('a momentum that nothing can be trained with is refused likewise', () => {
  const [member] = join(toFixed(1));
  if (member === undefined) throw new Error('nobody');
  const wrong = { learningRate: 0.1, momentum: Float64Array.of(0.9, Number.NaN) };
  const members = [{ ...member, strategy: { ...member.strategy, controls: () => wrong } }];
  expect(() => decide([], 0, {}, { members })).toThrow('gives NaN for step 1 of epoch 0');
});

test('a member with such rates parts from the others before it is refused', () => {
  const wild = { strategy: 'exponential', lr: 0.1, decay_rate: 1e80, staircase: true };
  const specs = [toFixed(1), toSpec(2, wild)];
  expect(outline(decide(specs, 0))).toEqual({ train: [1, 2] });
  expect(outline(decide(specs, 1))).toEqual({ fork: [[1], [2]], inPlace: 0 });
});

const families = fc.array(
  fc.record({ lr: fc.constantFrom(0.1, 0.2, 0.3), epochs: fc.integer({ min: 1, max: 6 }) }),
  { minLength: 1, maxLength: 8 },
);
const someNumbers = fc.uniqueArray(fc.integer({ min: 1, max: 8 })).map((all) => new Set(all));

test('whatever is wanted, a fork names everybody who still trains once, in classes as large as can be', () => {
  fc.assert(
    fc.property(families, someNumbers, someNumbers, (family, absent, pausing) => {
      const specs = family.map(({ lr, epochs }, i) => toFixed(i + 1, lr, epochs));
      const step = decide(specs, 2, { absent, pausing });
      const present = specs.filter(({ number, epochs }) => epochs > 2 && !absent.has(number));
      if (step.kind !== 'fork') {
        expect(partition(join(...present), 2, stepsPerEpoch).length).toBeLessThanOrEqual(1);
        expect(present.some(({ number }) => pausing.has(number))).toBe(false);
        return;
      }
      const found = step.classes.flat();
      expect(found.toSorted((a, b) => a - b)).toEqual(present.map(({ number }) => number));
      const smallest = step.classes.map(([first = 0]) => first);
      expect(smallest).toEqual(smallest.toSorted((a, b) => a - b));
      const keys = step.classes.map((same) => new Set(same.map((n) => toKey(specs, n, pausing))));
      expect(keys.every((key) => key.size === 1)).toBe(true);
      expect(new Set(keys.flatMap((key) => [...key])).size).toBe(keys.length);
    }),
    { seed: 3 },
  );
});

/** What those of one class have in common: their rate, and whether they pause. */
function toKey(specs: readonly MemberSpec[], number: number, pausing: ReadonlySet<number>): string {
  return JSON.stringify([specs[number - 1]?.spec['lr'], pausing.has(number)]);
}
