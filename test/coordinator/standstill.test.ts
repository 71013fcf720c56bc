// A process that stood still knows for how long, once.

import { expect, onTestFinished, test, vi } from 'vitest';
import { Standstill } from '../../coordinator/standstill.ts';

function scene() {
  vi.useFakeTimers();
  const clock = { monoMs: 0, wallMs: 0 };
  const standstill = new Standstill(() => clock);
  let woken = 0;
  standstill.start(() => (woken += 1));
  onTestFinished(() => {
    standstill.stop();
    vi.useRealTimers();
  });
  /** Its timers go off after a second in which so much time has passed by the clock. */
  const second = (ms: number): void => {
    clock.monoMs += ms;
    vi.advanceTimersByTime(1_000);
  };
  return { standstill, clock, second, woken: () => woken };
}

test('a look that comes late by a second or more wakes whoever waits, who is told once by how much', () => {
  const { standstill, second, woken } = scene();
  second(1_000);
  second(90_000);
  expect([woken(), standstill.take(), standstill.take()]).toEqual([1, 89_000, 0]);
});

test('whoever asks before the timer does is told, too', () => {
  const { standstill, clock } = scene();
  clock.monoMs += 3_000.7;
  expect(standstill.take()).toBe(2_000);
});

test('looks that are a little late add up to nothing', () => {
  const { standstill, second, woken } = scene();
  for (let looks = 0; looks < 60; looks += 1) second(1_900);
  expect([woken(), standstill.take()]).toEqual([0, 0]);
});
