import { expect, test } from 'vitest';
import { numbersIn, shortNumbersIn } from '../../../src/dashboard/frame/trial-numbers.ts';

test('as many numbers as fit, and how many more there are', () => {
  expect(numbersIn([3, 9, 12], 3, 20)).toBe('#3 #9 #12');
  expect(numbersIn([3, 9, 12, 15, 18, 21], 6, 18)).toBe('#3 #9 and 4 more');
  expect(shortNumbersIn([3, 9, 12, 15], 12, 14)).toBe('#3 #9 #12 +9');
});

test('the first number is there however narrow it is, and none is no text', () => {
  expect(shortNumbersIn([1234, 1235], 2, 1)).toBe('#1234 +1');
  expect(shortNumbersIn([], 0, 10)).toBe('');
});
