// So many calls at once, and nobody has them all.

import { expect, test } from 'vitest';
import { Seats } from '../../../coordinator/rpc/seats.ts';

function never(): Promise<void> {
  return new Promise(() => undefined);
}

test('somebody who is known has half of the seats at most, and the others find one', async () => {
  const seats = new Seats(4, 'watchers (watchersMost)');
  for (let taken = 0; taken < 2; taken += 1) void seats.during(never, 'rob');
  await expect(seats.during(never, 'rob')).rejects.toThrow(
    'there are 2 watchers (watchersMost) of yours already, the most that may be: try again later',
  );
  expect(await seats.during(async () => 'seated', 'ada')).toBe('seated');
});

test('a seat that was left is free again, also for whoever had all of theirs', async () => {
  const seats = new Seats(2, 'uploads (uploadsMost)');
  for (let calls = 0; calls < 5; calls += 1) await seats.during(async () => undefined, 'rob');
  void seats.during(never);
  void seats.during(never);
  await expect(seats.during(never)).rejects.toThrow(/there are 2 uploads/);
});
