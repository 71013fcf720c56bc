// The time in a test. The time of day runs backwards: whatever is decided by it goes wrong.

import type { Now } from '../../coordinator/core/model.ts';

const WALL_MS = 1_800_000_000_000;

/** The moment at which the clock that never jumps stands at so many milliseconds. */
export function toNow(monoMs: number): Now {
  return { monoMs, wallMs: WALL_MS - monoMs };
}
