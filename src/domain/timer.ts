// The one limit that all timers have.

/** Milliseconds that `setTimeout` can wait at most: it counts them in 31 bits, and does not wait at all for more. */
export const TIMER_MOST_MS = 2 ** 31 - 1;
