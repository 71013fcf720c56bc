// The table of strategies: best and median, as numbers and on one scale.

import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Mode } from '../../domain/objective.ts';
import { summariseStrategies, type StrategySummary } from '../summary/strategies.ts';
import { cutLine, span, type Line } from './line.ts';
import { formatValue } from './number.ts';
import { rangePlot, type Range } from './range-plot.ts';
import { fit } from './text.ts';

const LEAST_PLOT = 10;
const MOST_PLOT = 48;
const [ENDED, BEST, MEDIAN] = [8, 10, 10];

/** A heading and a line for each strategy, the best first; nothing if there is none. */
export function strategyLines(
  trials: readonly TrialView[],
  mode: Mode,
  columns: number,
): readonly Line[] {
  const summaries = summariseStrategies(trials, mode);
  if (summaries.length === 0) return [];
  const name = nameWidth(summaries, columns);
  const room = Math.min(MOST_PLOT, columns - name - ENDED - BEST - MEDIAN - 4);
  const width = room < LEAST_PLOT ? 0 : room;
  const ranges = summaries.map(rangeOf).filter((range) => range !== undefined);
  const plot = rangePlot(ranges, mode, width);
  const rows = summaries.map((summary, index): Line => {
    const range = rangeOf(summary);
    const drawn = width === 0 || range === undefined ? [] : [span('  '), ...plot(range)];
    return [...numbers(summary, name, index === 0), ...drawn];
  });
  return [heading(name, width), ...rows];
}

function nameWidth(summaries: readonly StrategySummary[], columns: number): number {
  const longest = Math.max(8, ...summaries.map(({ strategy }) => strategy.length));
  return Math.min(longest, Math.max(8, Math.floor(columns / 4)));
}

function rangeOf({ best, median }: StrategySummary): Range | undefined {
  return best === undefined || median === undefined ? undefined : { best, median };
}

function heading(name: number, width: number): Line {
  const titles = `${fit('ended', ENDED, 'right')}${fit('best', BEST, 'right')}${fit('median', MEDIAN, 'right')}`;
  const legend = width === 0 ? [] : [span('  '), ...cutLine([span('● best  ┤ median')], width)];
  return [
    span(` ${fit('Strategy', name)}`, 'strong'),
    ...[span(titles), ...legend].map(({ text }) => span(text, 'dim')),
  ];
}

function numbers(summary: StrategySummary, name: number, leads: boolean): Line {
  const { strategy, trials, ended, best, median } = summary;
  return [
    span(` ${fit(strategy, name)}`, leads && best !== undefined ? 'strong' : 'plain'),
    span(fit(`${ended}/${trials}`, ENDED, 'right'), 'dim'),
    span(fit(valueOrDash(best), BEST, 'right'), leads ? 'good' : 'plain'),
    span(fit(valueOrDash(median), MEDIAN, 'right')),
  ];
}

function valueOrDash(value: number | undefined): string {
  return value === undefined ? '–' : formatValue(value);
}
