// Waiting in tests: for a condition, with a deadline, never for a time.

import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `probe` gives something other than undefined or false. */
export async function poll<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 25_000,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(5);
  }
}
