// Metrics out of the logs that a callback is handed. Class callbacks receive scalars on the device, plain objects numbers.
// Promise: metrics are numbers, and the scalars stay with the library, which disposes them after the training.

import type { Metrics } from '../domain/objective.ts';

/** Reads every metric of an epoch; one read from the device each. Whatever is neither a number nor a scalar is left out. */
export async function readLogs(logs: object): Promise<Metrics> {
  const read = Object.entries(logs).map(
    async ([name, value]) => [name, await readValue(value)] as const,
  );
  const entries = await Promise.all(read);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}

async function readValue(value: unknown): Promise<number | undefined> {
  if (typeof value === 'number') return value;
  if (!isOnDevice(value)) return undefined;
  const [first] = await value.data();
  return first;
}

function isOnDevice(
  value: unknown,
): value is { data(): Promise<ArrayLike<number> & Iterable<number>> } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'data' in value &&
    typeof value.data === 'function'
  );
}
