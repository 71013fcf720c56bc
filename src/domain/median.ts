// The middle of numbers. Promise: of an even number of them it is between the two in the middle, however large they are.

/** The median of values in order, rising or falling; undefined of none. */
export function medianOf(sorted: readonly number[]): number | undefined {
  const middle = sorted.length >> 1;
  const [lower, upper] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 || lower === undefined || upper === undefined
    ? upper
    : lower / 2 + upper / 2;
}
