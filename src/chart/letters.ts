// One letter for each curve, so that several can be told apart without colour: in the legend, on the curves, beside the marks.

/** The letter of the series with this index: a to z, then A to Z, then again. */
export function letterOf(index: number): string {
  const letter = String.fromCodePoint(97 + (index % 26));
  return index % 52 < 26 ? letter : letter.toUpperCase();
}

/** The columns at which the letter of one series of `count` stands on its curve: each series has its own. */
export function letterColumns(index: number, count: number, columns: number): readonly number[] {
  const repeats = Math.max(1, Math.min(4, Math.floor(columns / (4 * count))));
  const share = (index + 0.5) / count;
  return Array.from({ length: repeats }, (_, i) => Math.floor(((i + share) / repeats) * columns));
}
