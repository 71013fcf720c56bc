// Many durations in three numbers. Promise: a quantile is one of the values, and NaN where there are none.

/** Median, the value that nine of ten do not exceed, the greatest, and how many there were. */
export type Distribution = {
  readonly median: number;
  readonly most90: number;
  readonly greatest: number;
  readonly count: number;
};

/** Sums up values in any order. */
export function toDistribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), most90: at(0.9), greatest: at(1), count: sorted.length };
}

/** The three numbers of milliseconds; a dash where there is nothing. */
export function toMs({ median, most90, greatest, count }: Distribution): string {
  if (count === 0) return '–';
  return `${[median, most90, greatest].map((ms) => ms.toFixed(0)).join(' / ')} ms`;
}
