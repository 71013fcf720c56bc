// How an attempt ends.
// Promise: a metric that somebody follows is never silently absent.

import type { Metrics } from '../../src/domain/objective.ts';

/**
 * An ending, as it is reported: the trial's own (`completed`, `diverged`, `failed`), the host's (`lost`), or nobody's: handed over
 * in good order (`released`), or parted with no class left to go on in place (`forked`).
 */
export type Ending = {
  readonly outcome: 'completed' | 'diverged' | 'failed' | 'lost' | 'released' | 'forked';
  readonly message: string;
};

/** Words for a metric that is followed and absent: who follows it, and what there is instead. */
export function describeMissingMetric(
  followers: readonly { readonly metric: string; readonly by: string }[],
  metrics: Metrics,
): string | undefined {
  const missing = followers.find(({ metric }) => !Object.hasOwn(metrics, metric));
  if (missing === undefined) return undefined;
  const there = Object.keys(metrics);
  const list = there.length === 0 ? 'no metrics at all' : there.join(', ');
  return `${missing.by} follows ${missing.metric}, which the trial does not report; it reports ${list}`;
}
