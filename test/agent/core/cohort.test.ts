import { expect, test } from 'vitest';
import { fold, observe, partition, toFollowers, toMembers } from '../../../agent/core/cohort.ts';
import { hashVector } from '../../../agent/core/control-vector.ts';
import { join, RUN, toFixed, toPlateau, toSpec } from './member.ts';

function numbersOf(classes: ReturnType<typeof partition>): number[][] {
  return classes.map(({ members }) => members.map(({ number }) => number));
}

test('members with equal rates are one class, others their own, in the order of their first members', () => {
  const members = join(toFixed(1, 0.1), toFixed(2, 0.2), toFixed(3, Math.fround(0.1)));
  expect(numbersOf(partition(members, 0, 2))).toEqual([[1, 3], [2]]);
});

test('members whose rates differ are apart also where the hashes of their rates are the same', () => {
  const [a, b] = findCollision();
  const members = join(toFlat(1, a), toFlat(2, b), toFlat(3, a));
  expect(numbersOf(partition(members, 0, 2))).toEqual([[1, 3], [2]]);
});

type Flat = { readonly learningRate: number; readonly momentum: number };

/** Two pairs of float32 with the same hash; among so many there are some. */
function findCollision(): readonly [Flat, Flat] {
  const known = new Map<number, Flat>();
  for (let i = 1; i < 1_000_000; i += 1) {
    const flat = {
      learningRate: Math.fround(i * 1e-7),
      momentum: Math.fround(((i * 7919) % 99_991) * 1e-5),
    };
    const other = known.get(hashVector(flat));
    if (other !== undefined) return [other, flat];
    known.set(hashVector(flat), flat);
  }
  throw new Error('no two of a million have the same hash');
}

/** A cycle without height: the same rate and momentum at every step. */
function toFlat(number: number, { learningRate, momentum }: Flat): ReturnType<typeof toSpec> {
  const rates = { base_lr: learningRate, max_lr: learningRate, step_size: 1 };
  return toSpec(number, {
    strategy: 'cyclic',
    ...rates,
    base_momentum: momentum,
    max_momentum: momentum,
  });
}

test('members part at the epoch where their rates part, and not before', () => {
  const step = { strategy: 'step', lr: 0.1, step_size: 3, gamma: 0.5 };
  const members = join(toFixed(1), toSpec(2, step));
  const parts = [0, 1, 2, 3].map((epoch) => numbersOf(partition(members, epoch, 2)));
  expect(parts).toEqual([[[1, 2]], [[1, 2]], [[1, 2]], [[1], [2]]]);
});

test('strategies that follow metrics part when the metrics make them', () => {
  let members = join(toPlateau(1, 1), toPlateau(2, 3));
  for (const epoch of [0, 1]) {
    expect(numbersOf(partition(members, epoch, 2))).toEqual([[1, 2]]);
    members = observe(members, epoch, { val_loss: 1 });
  }
  const [hasty, patient] = partition(members, 2, 2);
  expect(hasty?.controls.learningRate).toBe(Math.fround(0.05));
  expect(patient?.controls.learningRate).toBe(Math.fround(0.1));
});

test('strategies stand after recorded epochs where they stood after training them, and not further', () => {
  const losses = [1, 2, 3, 4].map((val_loss) => ({ val_loss }));
  const start = join(toPlateau(1, 1), toPlateau(2, 2));
  let trained = start;
  for (const epoch of [0, 1, 2]) trained = observe(trained, epoch, losses[epoch] ?? {});
  const folded = fold(start, new Map(losses.entries()), 3);
  expect(folded.map(({ state }) => state)).toEqual(trained.map(({ state }) => state));
  expect(fold(start, new Map(losses.entries()), 0)).toEqual(start);
});

test('a member whose epochs are trained leaves', () => {
  const members = join(toFixed(1, 0.1, 1), toFixed(2, 0.1, 2));
  expect(numbersOf(partition(members, 0, 2))).toEqual([[1, 2]]);
  expect(numbersOf(partition(members, 1, 2))).toEqual([[2]]);
  expect(partition(members, 2, 2)).toEqual([]);
});

test('a metric that is missing fails the sweep for all, and strategies only where none of the members can go on', () => {
  const named = { strategy: 'plateau', lr: 0.1, monitor: 'val_accuracy', mode: 'max' };
  const mixed = join(toPlateau(1, 1), toSpec(2, named), toFixed(3));
  const alone = join(toSpec(2, named));
  const followed = [
    toFollowers(mixed, RUN.objective, { val_loss: 1 }),
    toFollowers(alone, RUN.objective, { val_loss: 1 }),
    toFollowers(alone, RUN.objective, { val_loss: 1, val_accuracy: 1 }),
  ].map((followers) => followers.map(({ metric }) => metric));
  expect(followed).toEqual([['val_loss'], ['val_loss', 'val_accuracy'], ['val_loss']]);
});

test('a member has an obstacle once an epoch was without the metric that it follows', () => {
  const members = join(toPlateau(1, 1), toFixed(2));
  const blind = (metrics: Record<string, number>): boolean[] =>
    observe(members, 0, metrics).map(({ obstacle }) => obstacle !== undefined);
  expect(blind({ loss: 1 })).toEqual([true, false]);
  expect(blind({ val_loss: 1 })).toEqual([false, false]);
});

test('a strategy that cannot be run is refused with its trial and what is wrong', () => {
  expect(() => toMembers([toFixed(9, -1)], RUN)).toThrow(/trial w\/9.*lr/);
});
