// Limits as a command line has them.

import { expect, test } from 'vitest';
import { parseLimits } from '../../../coordinator/core/parse-limits.ts';

test('limits are numbers by name, and the last of one name counts', () => {
  expect(parseLimits([])).toEqual({});
  expect(parseLimits(['agentsMost=5', 'brakeShare=0.7', 'agentsMost=6'])).toEqual({
    agentsMost: 6,
    brakeShare: 0.7,
  });
});

test.each([
  ['agentMost=5', /there is no limit "agentMost"; there are suspectMs, lostMs/],
  ['__proto__=5', /there is no limit/],
  ['', /there is no limit/],
  ['agentsMost', /agentsMost=: a limit is a number, not below 0/],
  ['agentsMost=', /a limit is a number/],
  ['agentsMost=many', /agentsMost=many: a limit is a number/],
  ['agentsMost=-1', /a limit is a number/],
  ['agentsMost=NaN', /a limit is a number/],
  ['agentsMost=Infinity', /a limit is a number/],
])('%j is none', (text, words) => {
  expect(() => parseLimits([text])).toThrow(words);
});
