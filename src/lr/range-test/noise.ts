// How noisy a series is, by its steps from value to value: what rises or falls slowly does not count, and a few jumps do not either.

/** The median of a normal deviate's size, in standard deviations. */
const MEDIAN_SIZE = 0.6745;

/** The standard deviation of the noise of one value, robustly; infinite values are passed over. 0 where there is nothing to see. */
export function noiseOf(values: readonly number[]): number {
  const sizes = values
    .slice(1)
    .map((value, before) => Math.abs(value - (values[before] ?? value)))
    .filter((size) => Number.isFinite(size));
  // A difference of two values has twice the variance of one.
  return sizes.length === 0 ? 0 : median(sizes) / (MEDIAN_SIZE * Math.SQRT2);
}

/** The middle value; the mean of the two in the middle where their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}
