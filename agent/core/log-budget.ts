// How much of a trial's output goes to the coordinator: a rate, and a total for each attempt.
// Promise: a trial that writes without end costs bounded bytes, and what is left out is counted.

/** The limits: bytes a second (and in one burst), and bytes in all. */
export type LogLimits = { readonly bytesPerSecond: number; readonly totalBytes: number };

/** What is left of the limits. */
export type LogBudget = {
  readonly limits: LogLimits;
  readonly allowance: number;
  readonly left: number;
  readonly atMs: number;
};

/** The budget of an attempt that starts at `nowMs` (monotonic). */
export function toLogBudget(limits: LogLimits, nowMs: number): LogBudget {
  return { limits, allowance: limits.bytesPerSecond, left: limits.totalBytes, atMs: nowMs };
}

/**
 * Splits `available` unread bytes into those to skip and those to take after them: when the trial is too fast, the newest are
 * the ones worth having; when the total is used up, nothing is.
 */
export function allotLog(
  budget: LogBudget,
  available: number,
  nowMs: number,
): { readonly skip: number; readonly take: number; readonly next: LogBudget } {
  const { limits, left } = budget;
  const refill = ((nowMs - budget.atMs) * limits.bytesPerSecond) / 1000;
  const allowance = Math.min(limits.bytesPerSecond, budget.allowance + refill);
  const take = Math.min(available, Math.floor(allowance), left);
  const next = { limits, allowance: allowance - take, left: left - take, atMs: nowMs };
  return { skip: available - take, take, next };
}
