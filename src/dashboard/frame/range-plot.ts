// Best and median of several groups on one scale, better to the left.
// Promise: one row a group, exactly as wide as asked for; the scale is logarithmic where values span more than a decade.

import { toScore, type Mode } from '../../domain/objective.ts';
import { span, type Line } from './line.ts';

/** A group's two values. */
export type Range = { readonly best: number; readonly median: number };

/** A function that draws one of `ranges` in `width` columns. */
export function rangePlot(
  ranges: readonly Range[],
  mode: Mode,
  width: number,
): (range: Range) => Line {
  const all = ranges.flatMap(({ best, median }) => [best, median]);
  const scale = scaleFor(all);
  const places = all.map((value) => toScore(mode, scale(value)));
  const least = Math.min(...places);
  const range = Math.max(...places) - least;
  const columnOf = (value: number): number =>
    range > 0 ? Math.round(((toScore(mode, scale(value)) - least) / range) * (width - 1)) : 0;
  return ({ best, median }) => draw(columnOf(best), columnOf(median), width);
}

function scaleFor(values: readonly number[]): (value: number) => number {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least > 10 ? Math.log10 : (value) => value;
}

function draw(from: number, to: number, width: number): Line {
  const between = Math.max(0, to - from - 1);
  return [
    span(' '.repeat(from)),
    span('●', from === 0 ? 'good' : 'plain'),
    span('─'.repeat(between), 'dim'),
    span(to > from ? '┤' : '', 'dim'),
    span(' '.repeat(Math.max(0, width - Math.max(to, from) - 1))),
  ];
}
