// What stands above the curves: the name of the vertical axis and the meaning of the signs, the legend, the signs themselves.

import type { Chart, Mark } from './chart.ts';
import { cut, toPlain, widthOf } from './label.ts';
import { letterOf } from './letters.ts';
import type { Piece, Tone } from './line.ts';
import { placeOn, type Scale } from './scale.ts';

type Line = readonly Piece[];

/** The sign of a mark that has none. */
const SIGN = '▾';

/** The one character that stands for a mark. */
export function signOf({ sign }: Mark): string {
  const [first = SIGN] = toPlain(sign ?? SIGN);
  return widthOf(first) === 1 ? first : SIGN;
}

/** The name of the vertical axis, then each sign with its meaning, in as many lines as they take; none where there is neither. */
export function headingLines({ yAxis, marks = [], width }: Chart, log: boolean): readonly Line[] {
  const name = toPlain(yAxis.label);
  const meanings = new Set(marks.map((mark) => `${signOf(mark)} ${toPlain(mark.label)}`));
  const words = [...(name === '' ? [] : [log ? `${name} (log)` : name]), ...meanings];
  return wrap(words, width).map((text): Line => [{ text, tone: 'dim' }]);
}

function wrap(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const joined = lines.length === 0 ? word : `${lines.at(-1)}   ${word}`;
    if (lines.length > 0 && widthOf(joined) > width) lines.push(cut(word, width));
    else lines.splice(-1, 1, cut(joined, width));
  }
  return lines;
}

/** A line for each series, in at most `most` lines, the last of which says how many are left out. */
export function legendLines({ series, width }: Chart, most: number): readonly Line[] {
  if (series.length === 1 && series[0]?.label === '') return [];
  const shown = series.length <= most ? series : series.slice(0, Math.max(0, most - 1));
  const lines = shown.map(({ label, key: tone }, i): Line => {
    const key = series.length === 1 ? '━━' : `━${letterOf(tone ?? i)}━`;
    return [
      { text: `${key} `, tone: tone ?? i },
      { text: cut(toPlain(label), width - widthOf(key) - 1), tone: 'plain' },
    ];
  });
  const left = series.length - shown.length;
  if (left === 0 || most < 1) return lines;
  return [...lines, [{ text: `    … and ${left} more`, tone: 'dim' }]];
}

/** Rows of signs at most. */
const MOST_ROWS = 3;

/** The marks by the row that their signs stand in: one for each series that has any, but one for all where there are many. */
export function markGroups({ marks = [], series }: Chart): readonly (readonly Mark[])[] {
  const groups = [undefined, ...series.keys()]
    .map((owner) => marks.filter((mark) => mark.series === owner))
    .filter((group) => group.length > 0);
  return groups.length > MOST_ROWS ? [marks] : groups;
}

/**
 * A row of signs for each series that has marks, and one for the marks of none; `gutter` cells are left of the curves. Of many
 * series the signs stand in one row.
 */
export function markLines(
  chart: Chart,
  x: Scale,
  gutter: number,
  columns: number,
): readonly Line[] {
  const { series } = chart;
  return markGroups(chart).map((group): Line => {
    const cells = Array.from({ length: columns }, (): Piece => ({ text: ' ', tone: 'plain' }));
    for (const mark of group) {
      const column = columnOf(x, mark.x, columns);
      if (column !== undefined) cells[column] = { text: signOf(mark), tone: toneOf(chart, mark) };
    }
    const tones = new Set(group.map((mark) => toneOf(chart, mark)));
    const [tone = 'dim'] = tones.size === 1 ? tones : [];
    const letter = typeof tone === 'number' && series.length > 1 ? letterOf(tone) : '';
    return [{ text: `${letter} `.padStart(gutter), tone }, ...cells];
  });
}

function toneOf({ series }: Chart, mark: Mark): Tone {
  return mark.series === undefined ? 'dim' : (series[mark.series]?.key ?? mark.series);
}

/** The cell of `columns` in which a value stands; nothing beyond the scale. */
export function columnOf(x: Scale, value: number, columns: number): number | undefined {
  const place = placeOn(x, value);
  if (place === undefined || place < -1e-9 || place > 1 + 1e-9) return undefined;
  return Math.round(place * (columns * 2 - 1)) >> 1;
}
