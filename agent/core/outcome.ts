// How an attempt ends, and when an epoch ends it.
// Promise: a training loss that is not finite is a divergence; a metric that somebody follows is never silently absent.

import type { Metrics } from '../../src/domain/objective.ts';

/** An ending, as it is reported: the trial's own (`completed`, `diverged`, `failed`) or the host's (`lost`). */
export type Ending = {
  readonly outcome: 'completed' | 'diverged' | 'failed' | 'lost';
  readonly message: string;
};

/** The ending that an epoch's metrics bring about, if they do. `left` counts the epochs still to train. */
export function toEnding(epoch: number, metrics: Metrics, left: number): Ending | undefined {
  const loss = metrics['loss'];
  if (loss !== undefined && !Number.isFinite(loss)) {
    return {
      outcome: 'diverged',
      message: `the training loss was ${loss} at the end of epoch ${epoch}`,
    };
  }
  return left > 0 ? undefined : { outcome: 'completed', message: '' };
}

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
