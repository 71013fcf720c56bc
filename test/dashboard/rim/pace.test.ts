import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from '../../../src/dashboard/rim/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('many requests in a second are four drawings, the last one after the last request', () => {
  const drawn: number[] = [];
  const start = Date.now();
  const pace = new Pace(() => drawn.push(Date.now() - start), Date.now);
  for (let ms = 0; ms < 1000; ms += 10) {
    pace.soon();
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(1000);
  expect(drawn).toEqual([0, 250, 500, 750, 1000]);
});

test('a key is drawn at once, and what waited is drawn with it', () => {
  let drawings = 0;
  const pace = new Pace(() => (drawings += 1), Date.now);
  pace.soon();
  pace.soon();
  expect(drawings).toBe(1);
  pace.now();
  expect(drawings).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(drawings).toBe(2);
});

test('after stop nothing is drawn', () => {
  let drawings = 0;
  const pace = new Pace(() => (drawings += 1), Date.now);
  pace.soon();
  pace.soon();
  pace.stop();
  vi.advanceTimersByTime(1000);
  expect(drawings).toBe(1);
});
