// Groups of values on one scale, better to the left: the best, the middle and the worst of each.
// Promise: one row a group, exactly as wide as asked for; the scale is logarithmic where values span more than a decade.

import { toScore, type Mode } from '../../domain/objective.ts';
import { span, type Line, type Tone } from './line.ts';

/** A group's three values. */
export type Range = { readonly best: number; readonly middle: number; readonly worst: number };

/** A function that draws one of `ranges` in `width` columns, its middle in a tone. */
export function rangePlot(
  ranges: readonly Range[],
  mode: Mode,
  width: number,
): (range: Range, tone: Tone) => Line {
  const all = ranges.flatMap(({ best, worst }) => [best, worst]);
  const scale = scaleFor(all);
  const places = all.map((value) => toScore(mode, scale(value)));
  const least = Math.min(...places);
  const reach = Math.max(...places) - least;
  const columnOf = (value: number): number =>
    reach > 0 ? Math.round(((toScore(mode, scale(value)) - least) / reach) * (width - 1)) : 0;
  return ({ best, middle, worst }, tone) =>
    draw([columnOf(best), columnOf(middle), columnOf(worst)], width, tone);
}

function scaleFor(values: readonly number[]): (value: number) => number {
  const least = Math.min(...values);
  return least > 0 && Math.max(...values) / least > 10 ? Math.log10 : (value) => value;
}

function draw([from, at, to]: readonly [number, number, number], width: number, tone: Tone): Line {
  return [
    span(' '.repeat(from)),
    span(at > from ? `├${'─'.repeat(at - from - 1)}` : '', 'dim'),
    span('●', tone),
    span(to > at ? `${'─'.repeat(to - at - 1)}┤` : '', 'dim'),
    span(' '.repeat(Math.max(0, width - to - 1))),
  ];
}
