// The objective of a sweep, and the score: the objective turned so that lower is better.
// Promise: whatever is not finite is worst, decided here. The one other place that turns a value so that lower is better is
// the view `leaderboard` of the results database, which holds only finite values and NULL, and puts NULL last.

/** Which way a metric is better. */
export type Mode = 'min' | 'max';

/** What a sweep looks for: a metric, its direction, and whether a trial counts by its best or its last epoch. */
export type Objective = {
  readonly metric: string;
  readonly mode: Mode;
  readonly at: 'best' | 'last';
};

/** Metrics of one epoch by name. A metric that was not reported is absent. */
export type Metrics = Readonly<Record<string, number>>;

/** The score that nothing can be worse than. */
export const WORST = Number.POSITIVE_INFINITY;

/** Turns a value of the objective into a score: lower is better; anything that is not finite is {@link WORST}. */
export function toScore(mode: Mode, value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return WORST;
  return mode === 'min' ? value : -value;
}

/** Words for a training loss that has left the finite numbers by the end of a 0-based epoch; nothing for one that has not. */
export function findDivergence(epoch: number, metrics: Metrics): string | undefined {
  const loss = Object.hasOwn(metrics, 'loss') ? metrics['loss'] : undefined;
  if (loss === undefined || Number.isFinite(loss)) return undefined;
  return `the training loss was ${loss} at the end of epoch ${epoch}`;
}
