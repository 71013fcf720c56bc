import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allotLog, toLogBudget } from '../../../agent/core/log-budget.ts';

const LIMITS = { bytesPerSecond: 1000, totalBytes: 5000 };

test('a trial that writes little is taken whole', () => {
  const { skip, take } = allotLog(toLogBudget(LIMITS, 0), 900, 0);
  expect({ skip, take }).toEqual({ skip: 0, take: 900 });
});

test('of a burst the newest bytes are taken, and the allowance comes back with time', () => {
  const burst = allotLog(toLogBudget(LIMITS, 0), 3000, 0);
  expect([burst.skip, burst.take]).toEqual([2000, 1000]);
  const later = allotLog(burst.next, 3000, 500);
  expect([later.skip, later.take]).toEqual([2500, 500]);
});

test('nothing is lost from the count, and neither limit is ever exceeded', () => {
  const writes = fc.array(fc.tuple(fc.nat(4000), fc.nat(2000)), { maxLength: 40 });
  fc.assert(
    fc.property(writes, (steps) => {
      let [budget, nowMs, taken] = [toLogBudget(LIMITS, 0), 0, 0];
      for (const [available, elapsedMs] of steps) {
        nowMs += elapsedMs;
        const { skip, take, next } = allotLog(budget, available, nowMs);
        expect(skip + take).toBe(available);
        expect(Math.min(skip, take)).toBeGreaterThanOrEqual(0);
        taken += take;
        budget = next;
        expect(taken).toBeLessThanOrEqual(LIMITS.totalBytes);
        expect(taken).toBeLessThanOrEqual(LIMITS.bytesPerSecond * (1 + nowMs / 1000));
      }
    }),
    { seed: 3 },
  );
});
