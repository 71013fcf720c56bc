// How findings are worded: what is wrong comes with what to do.

import { expect, test } from 'vitest';
import { toEnd, toFindingLines } from '../../../src/cli/doctor/finding.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const HOUR_MS = 3600 * 1000;

test.each([
  [30 * 24, 'until 2030-07-01 (30 days)', 30],
  [25, 'until 2030-06-02 (1 day)', 1],
  [1, 'until 2030-06-01 (0 days)', 0],
  [0, 'expired 2030-06-01 (0 days ago)', 0],
  [-1, 'expired 2030-06-01 (0 days ago)', 0],
  [-49, 'expired 2030-05-30 (2 days ago)', -2],
])('an end in %i hours is worded "%s"', (hours, words, daysLeft) => {
  expect(toEnd(NOW_MS + hours * HOUR_MS, NOW_MS)).toEqual({ words, daysLeft });
});

test('what is there, absent, wrong and missing are told apart, and only what is missing hinders a sweep', () => {
  const good = { what: 'a', present: true, detail: 'good', isNeeded: true };
  const absent = { what: 'b', present: false, detail: 'none', isNeeded: false };
  const wrong = { ...absent, what: 'c', remedy: 'mend it' };
  expect(toFindingLines([good, absent, wrong])).toEqual([
    '        WHAT  DETAIL',
    'ok      a     good',
    'absent  b     none',
    'WRONG   c     none',
    '',
    'c: mend it',
    'Sweeps can run here.',
  ]);
  expect(toFindingLines([good, { ...absent, isNeeded: true }]).at(-1)).toBe(
    'Sweeps cannot run here: b missing.',
  );
});
