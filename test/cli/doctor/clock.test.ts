// The clock of a host against those of its coordinators.

import { expect, test } from 'vitest';
import { checkClock } from '../../../src/cli/doctor/clock.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const HERE = '2030-06-01 12:00:00 UTC';

function clockOf(...aheadMs: readonly (number | undefined)[]) {
  const clocks = aheadMs.map((ahead, i) => ({ address: `head-${i}:7700`, aheadMs: ahead }));
  return checkClock(NOW_MS, clocks);
}

test('a clock that nobody can be asked about is told, and not judged', () => {
  for (const finding of [clockOf(), clockOf(undefined)])
    expect(finding).toMatchObject({
      present: true,
      detail: expect.stringContaining(HERE) as string,
    });
});

test.each([
  [[1_900, undefined], `${HERE}, as at head-0:7700`],
  [[0, -2_000], `${HERE}, 2 s ahead of head-1:7700`],
  [[150_000, 1_000], `${HERE}, 3 min behind head-0:7700`],
])('a clock that differs by %j ms is as good', (aheadMs, detail) => {
  expect(clockOf(...aheadMs)).toMatchObject({ present: true, detail });
});

test.each([
  [[-400_000], `${HERE}, 7 min ahead of head-0:7700`],
  [[0, 10_000_000], `${HERE}, 3 h behind head-1:7700`],
])('a clock that differs by %j ms is wrong', (aheadMs, detail) => {
  const remedy = expect.stringContaining('set the clock of both') as string;
  expect(clockOf(...aheadMs)).toMatchObject({ present: false, detail, remedy });
});
