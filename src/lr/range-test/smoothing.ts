// A debiased exponential mean: what fastai's Recorder calls the smooth loss, and Adam its corrected moments.
// Promise: a step at a time or all at once, the numbers are the same bits.

/** How much of the mean stays at each step; fastai's. */
export const BETA = 0.98;

/** The mean so far. `weight` and `squares` are the sums of the weights of all values and of their squares. */
export type Smoothing = {
  readonly sum: number;
  readonly weight: number;
  readonly squares: number;
};

/** Before the first value. */
export const NOTHING: Smoothing = { sum: 0, weight: 0, squares: 0 };

/** With one more value. */
export function addTo(before: Smoothing, value: number, beta = BETA): Smoothing {
  const rest = 1 - beta;
  return {
    sum: beta * before.sum + rest * value,
    weight: beta * before.weight + rest,
    squares: beta * beta * before.squares + rest * rest,
  };
}

/** The mean: weights are divided by their sum, so that a mean of few values is not drawn to 0. NaN before the first value. */
export function meanOf({ sum, weight }: Smoothing): number {
  return sum / weight;
}

/** The mean's standard error where each value's standard deviation is 1 and they are independent. */
export function errorOf({ weight, squares }: Smoothing): number {
  return Math.sqrt(squares) / weight;
}

/** The smoothing after each of the values. */
export function smooth(values: readonly number[], beta = BETA): readonly Smoothing[] {
  let state = NOTHING;
  return values.map((value) => (state = addTo(state, value, beta)));
}
