// The table of strategies: the best trial of each, and its best setting over the seeds, as numbers and on one scale.

import type { StrategyRow } from '../strategies/strategy-rows.ts';
import type { Goal } from '../summary/goal.ts';
import { cutLine, span, type Line } from './line.ts';
import { formatValue } from './number.ts';
import { rangePlot, type Range } from './range-plot.ts';
import { fit } from './text.ts';

const LEAST_PLOT = 10;
const MOST_PLOT = 48;
const [ENDED, BEST, SETTING] = [8, 12, 14];

/** A heading and a line for each strategy, in the order of `rows`; nothing if there is none. */
export function strategyLines(
  rows: readonly StrategyRow[],
  goal: Goal,
  columns: number,
): readonly Line[] {
  if (rows.length === 0) return [];
  const name = nameWidth(rows, columns);
  const room = Math.min(MOST_PLOT, columns - name - ENDED - BEST - SETTING - 3);
  const width = room < LEAST_PLOT ? 0 : room;
  const ranges = rows.map(rangeOf).filter((range) => range !== undefined);
  const plot = rangePlot(ranges, goal.mode, width);
  const lines = rows.map((row, index): Line => {
    const range = width === 0 ? undefined : rangeOf(row);
    const drawn = range && plot(range, index === 0 ? 'good' : 'plain');
    return [...numbers(row, name, index === 0), span(drawn ? '  ' : ''), ...(drawn ?? [])];
  });
  return [heading(name, width), ...lines];
}

function nameWidth(rows: readonly StrategyRow[], columns: number): number {
  const longest = Math.max(8, ...rows.map(({ strategy }) => strategy.length));
  return Math.min(longest, Math.max(8, Math.floor(columns / 4)));
}

/** The seeds of its best setting; until one has completed, its best trial. */
function rangeOf({ best, settings }: StrategyRow): Range | undefined {
  const { values = [], median } = settings[0] ?? {};
  if (median === undefined)
    return best === undefined ? undefined : { best, middle: best, worst: best };
  return { best: values[0] ?? median, middle: median, worst: values.at(-1) ?? median };
}

function heading(name: number, width: number): Line {
  const titles = `${fit('ended', ENDED, 'right')}${fit('best trial', BEST, 'right')}${fit('best setting', SETTING, 'right')}`;
  const legend = width === 0 ? [] : cutLine([span('├ best seed  ● median  ┤ worst')], width);
  return [
    span(` ${fit('Strategy', name)}`, 'strong'),
    ...[span(titles), span('  '), ...legend].map(({ text }) => span(text, 'dim')),
  ];
}

function numbers(row: StrategyRow, name: number, leads: boolean): Line {
  const { strategy, trials, ended, best, settings } = row;
  return [
    span(` ${fit(strategy, name)}`, leads && best !== undefined ? 'strong' : 'plain'),
    span(fit(`${ended}/${trials}`, ENDED, 'right'), 'dim'),
    span(fit(valueOrDash(best), BEST, 'right')),
    span(fit(valueOrDash(settings[0]?.median), SETTING, 'right'), leads ? 'good' : 'plain'),
  ];
}

function valueOrDash(value: number | undefined): string {
  return value === undefined ? '–' : formatValue(value);
}
