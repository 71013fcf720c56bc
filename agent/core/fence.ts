// Attempt numbers of the stages that this agent has taken up.
// Promise: an attempt is started at most once, and never after a later attempt of its stage.

/** The highest attempt taken up so far, by stage. */
export type Fence = ReadonlyMap<string, number>;

/** One attempt of one stage. */
export type AttemptRef = { readonly stageId: string; readonly attempt: number };

/** Whether two references name the same attempt. */
export function isSameAttempt(a: AttemptRef, b: AttemptRef): boolean {
  return a.stageId === b.stageId && a.attempt === b.attempt;
}

/** Whether `ref` may still be started. */
export function isBeforeFence(fence: Fence, ref: AttemptRef): boolean {
  return ref.attempt > (fence.get(ref.stageId) ?? 0);
}

/** The fence after `ref` was started. */
export function raiseFence(fence: Fence, ref: AttemptRef): Fence {
  return isBeforeFence(fence, ref) ? new Map(fence).set(ref.stageId, ref.attempt) : fence;
}

/** The fence after it has turned out that `ref` was never the attempt that was started here under its number. */
export function lowerFence(fence: Fence, ref: AttemptRef): Fence {
  return fence.get(ref.stageId) === ref.attempt
    ? new Map(fence).set(ref.stageId, ref.attempt - 1)
    : fence;
}
