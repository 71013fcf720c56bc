// Whether a failed attempt is tried again, and when.

import type { Limits } from './limits.ts';
import type { Stage } from './model.ts';

/** Try again after a wait, or give up for a reason. */
export type RetryDecision =
  | { readonly kind: 'retry'; readonly waitMs: number }
  | { readonly kind: 'give-up'; readonly reason: string };

/**
 * The trial's own failure. The same failure at the same epoch twice in a row is taken as the trial's nature:
 * a further try would only repeat it.
 */
export function decideOnFailure(
  stage: Stage,
  message: string,
  retries: number,
  limits: Limits,
): RetryDecision {
  if (stage.failures >= retries) return { kind: 'give-up', reason: message };
  if (stage.lastFailure === toFailure(stage, message))
    return { kind: 'give-up', reason: `${message}\nthe same failure twice: not tried again` };
  return { kind: 'retry', waitMs: backoff(stage.failures, limits) };
}

/** The loss of the host. The next attempt can start at once elsewhere; one that loses host after host is given up. */
export function decideOnLoss(stage: Stage, message: string, limits: Limits): RetryDecision {
  if (stage.losses < limits.losses)
    return { kind: 'retry', waitMs: stage.losses === 0 ? 0 : backoff(stage.losses - 1, limits) };
  return {
    kind: 'give-up',
    reason: `${message}; ${stage.losses} attempts before it were lost with their hosts too`,
  };
}

/** How a failure is remembered, with the epoch that was due (from 0), so that the same one is known again. */
export function toFailure(stage: Stage, message: string): string {
  return `epoch ${stage.fromEpoch + stage.recordedEpochs}: ${message}`;
}

function backoff(n: number, limits: Limits): number {
  return Math.min(limits.backoffMs * 2 ** n, limits.backoffMostMs);
}
