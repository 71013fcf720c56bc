// Scales of a chart: values to places between 0 and 1, and round numbers to write beside them.
// Promise: only finite values have a place, and on a logarithmic axis only positive ones.

/** A scale from `least` to `greatest`, which differ. */
export type Axis = { readonly least: number; readonly greatest: number; readonly log: boolean };

/** An axis that all of `values` fit on; undefined if none of them has a place. */
export function axisOf(values: Iterable<number>, log: boolean): Axis | undefined {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least > greatest) return undefined;
  if (least < greatest) return { least, greatest, log };
  if (log) return { least: least / 2, greatest: greatest * 2, log };
  const margin = Math.abs(least) / 10 || 1;
  return { least: least - margin, greatest: greatest + margin, log };
}

/** Where `value` lies, 0 at the least and 1 at the greatest; undefined if it has no place. */
export function placeOn({ least, greatest, log }: Axis, value: number): number | undefined {
  if (!Number.isFinite(value) || (log && value <= 0)) return undefined;
  const place = log
    ? Math.log(value / least) / Math.log(greatest / least)
    : (value - least) / (greatest - least);
  return Number.isFinite(place) ? place : undefined;
}

/** The value at `place`. */
export function valueAt({ least, greatest, log }: Axis, place: number): number {
  return log ? least * (greatest / least) ** place : least + (greatest - least) * place;
}

/** Round whole numbers from 0 to `last`, at most `most` of them. */
export function ticksTo(last: number, most: number): readonly number[] {
  const rough = Math.max(1, last / Math.max(1, most - 1));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step);
}
