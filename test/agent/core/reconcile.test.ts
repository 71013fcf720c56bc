import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fence, raiseFence } from '../../../agent/core/fence.ts';
import {
  type Actual,
  type Desired,
  type Occupant,
  reconcile,
} from '../../../agent/core/reconcile.ts';

const SLOTS = ['cpu0', 'cpu1', 'gpu0'];

const desired = fc.array(
  fc.record({
    stageId: fc.constantFrom('a', 'b', 'c', 'd'),
    attempt: fc.integer({ min: 1, max: 3 }),
    slot: fc.constantFrom(...SLOTS, 'nowhere'),
  }),
  { maxLength: 6 },
);

function toActual(changes: Partial<Actual>): Actual {
  return {
    slots: SLOTS,
    occupants: [],
    fence: new Map(),
    mayStart: true,
    isCutOff: false,
    ...changes,
  };
}

function toOccupant(what: Desired, changes: Partial<Occupant> = {}): Occupant {
  return { ...what, stopping: false, isAhead: false, ...changes };
}

/** Carries out what is to be done: stops mark, starts occupy and raise the fence. */
function apply(actual: Actual, wanted: readonly Desired[]): Actual {
  let { fence } = actual;
  let occupants: readonly Occupant[] = actual.occupants;
  for (const action of reconcile(actual, wanted)) {
    if (action.kind === 'stop') {
      occupants = occupants.map((one) =>
        one === action.occupant ? { ...one, stopping: true } : one,
      );
    } else {
      fence = raiseFence(fence, action.assignment);
      occupants = [...occupants, toOccupant(action.assignment)];
    }
  }
  return { ...actual, fence, occupants };
}

function free(actual: Actual): Actual {
  return { ...actual, occupants: actual.occupants.filter(({ stopping }) => !stopping) };
}

/** Runs, or cannot: no such slot, slot or stage taken by another that is wanted too, or behind the fence. */
function isServed(actual: Actual, want: Desired): boolean {
  const isTaken = actual.occupants.some(
    ({ slot, stageId }) => slot === want.slot || stageId === want.stageId,
  );
  const isBehind = want.attempt <= (actual.fence.get(want.stageId) ?? 0);
  return isTaken || isBehind || !SLOTS.includes(want.slot);
}

function toKey({ stageId, attempt, slot }: Desired): string {
  return `${stageId}:${attempt}@${slot}`;
}

test('whatever was wanted before, one round of stopping and one of starting reach a state that stays', () => {
  fc.assert(
    fc.property(fc.array(desired, { minLength: 1, maxLength: 8 }), (wishes) => {
      let actual = toActual({});
      for (const wanted of wishes) {
        actual = apply(free(apply(actual, wanted)), wanted);
        expect(reconcile(actual, wanted)).toEqual([]);
        for (const want of wanted) expect(isServed(actual, want)).toBe(true);
        expect(
          actual.occupants.every((one) => wanted.some((want) => toKey(want) === toKey(one))),
        ).toBe(true);
      }
    }),
    { seed: 1 },
  );
});

test('no attempt starts twice, none starts after a later one of its stage, and a slot has one occupant', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(desired, fc.boolean()), { maxLength: 12 }), (steps) => {
      let actual = toActual({});
      const started: Desired[] = [];
      for (const [wanted, isFreed] of steps) {
        for (const action of reconcile(actual, wanted)) {
          if (action.kind !== 'start') continue;
          const { stageId, attempt } = action.assignment;
          expect(started.some((one) => one.stageId === stageId && one.attempt >= attempt)).toBe(
            false,
          );
          started.push(action.assignment);
        }
        actual = apply(actual, wanted);
        expect(new Set(actual.occupants.map(({ slot }) => slot)).size).toBe(
          actual.occupants.length,
        );
        if (isFreed) actual = free(actual);
      }
    }),
    { seed: 2 },
  );
});

test('an agent that may not start anything still stops what is not wanted', () => {
  const running = toOccupant({ stageId: 'a', attempt: 1, slot: 'cpu0' });
  const actual = toActual({ occupants: [running], mayStart: false });
  expect(reconcile(actual, [{ stageId: 'b', attempt: 1, slot: 'cpu1' }])).toEqual([
    { kind: 'stop', occupant: running },
  ]);
});

test('a later attempt of a running stage waits until the earlier one is gone', () => {
  const running = toOccupant({ stageId: 'a', attempt: 1, slot: 'cpu0' });
  const wanted = [{ stageId: 'a', attempt: 2, slot: 'cpu1' }];
  const fence: Fence = new Map([['a', 1]]);
  const before = toActual({ occupants: [running], fence });
  expect(reconcile(before, wanted).map(({ kind }) => kind)).toEqual(['stop']);
  expect(reconcile(toActual({ fence }), wanted).map(({ kind }) => kind)).toEqual(['start']);
});

test('an attempt that has ended here is not started again while the coordinator still lists it', () => {
  const fence: Fence = new Map([['a', 1]]);
  const listed = [{ stageId: 'a', attempt: 1, slot: 'cpu0' }];
  expect(reconcile(toActual({ fence }), listed)).toEqual([]);
});

const PARENT = { stageId: 'a', attempt: 1, slot: 'cpu0' };
const CHILD = { stageId: 'b', attempt: 1, slot: 'cpu0' };

test('what went on in place is not stopped while the coordinator cannot know of it, nor is its parent begun again', () => {
  const ahead = toActual({
    occupants: [toOccupant(CHILD, { isAhead: true })],
    fence: new Map([['a', 1]]),
  });
  expect(reconcile(ahead, [PARENT])).toEqual([]);
  expect(reconcile(ahead, [])).toEqual([]);
});

test('once the coordinator knows of it, it is stopped unless it is wanted', () => {
  const known = toOccupant(CHILD);
  const actual = toActual({ occupants: [known], fence: new Map([['a', 1]]) });
  expect(reconcile(actual, [CHILD])).toEqual([]);
  expect(reconcile(actual, [])).toEqual([{ kind: 'stop', occupant: known }]);
});

test('nothing starts on the slot or in the stage of what is ahead', () => {
  const actual = toActual({ occupants: [toOccupant(CHILD, { isAhead: true })] });
  const wanted = [
    { stageId: 'c', attempt: 1, slot: 'cpu0' },
    { stageId: 'b', attempt: 2, slot: 'cpu1' },
    { stageId: 'd', attempt: 1, slot: 'gpu0' },
  ];
  const started = reconcile(actual, wanted).map((action) =>
    action.kind === 'start' ? action.assignment.stageId : action.kind,
  );
  expect(started).toEqual(['d']);
});
