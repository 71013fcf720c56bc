// A heat map in characters: digits on a ground of colour, or beside a shade where there are no colours. The best has a mark.

import type { Mode } from '../../domain/objective.ts';
import { span, type HeatTone, type Line } from '../frame/line.ts';
import { formatValue } from '../frame/number.ts';
import { cut, fit, widthOf } from '../frame/text.ts';
import type { ColourDepth, HeatOf } from '../model.ts';
import { heatShares, type HeatMap } from './heat-map.ts';

const CELL = 11;
const LEVELS: readonly HeatTone[] = ['heat1', 'heat2', 'heat3', 'heat4', 'heat5'];
const SHADES = '█▓▒░ ';

/** What the map shows, and how. */
export type HeatView = {
  readonly map: HeatMap;
  readonly mode: Mode;
  readonly heatOf: HeatOf;
  readonly depth: ColourDepth;
};

/** The lines in at most `columns` columns: a row of names, then one a row of the map; what is too much goes from the right. */
export function heatLines(view: HeatView, columns: number): readonly Line[] {
  const { map } = view;
  const side = Math.max(...map.rows.map((row) => row.length), map.down.length) + 3;
  const shown = Math.max(1, Math.min(map.columns.length, Math.floor((columns - side - 2) / CELL)));
  const names = map.columns.slice(0, shown).map((name) => fit(cut(name, CELL - 2), CELL));
  const more = map.columns.length > shown ? ' …' : '';
  const shareOf = heatShares(map, view.mode, view.heatOf);
  const rows = map.rows.map((row, at): Line => {
    const cells = (map.cells[at] ?? []).slice(0, shown);
    return [
      span(` ${fit(row, side - 2, 'right')} `),
      ...cells.flatMap((cell) => cellOf(cell, shareOf, view)),
    ];
  });
  return [
    [span(` ${fit('', side - 2)} ${map.across}`, 'dim')],
    [span(` ${fit(map.down, side - 2, 'right')} `, 'dim'), span(`${names.join('')}${more}`)],
    ...rows,
  ];
}

function cellOf(
  value: number | undefined,
  shareOf: (value: number) => number,
  { depth }: HeatView,
): Line {
  if (value === undefined) return [span(fit('  –', CELL - 1), 'dim'), span(' ')];
  const share = shareOf(value);
  const level = Math.min(LEVELS.length - 1, Math.floor(share * LEVELS.length));
  const mark = share === 0 ? '●' : ' ';
  const text = formatValue(value);
  const shade = depth === 'none' ? (SHADES[level] ?? ' ') : ' ';
  const room = CELL - 1 - widthOf(shade) - 1;
  return [
    span(
      `${shade}${fit(text, room - 1, 'right')}${mark}`.padEnd(CELL - 1),
      LEVELS[level] ?? 'plain',
    ),
    span(' '),
  ];
}
