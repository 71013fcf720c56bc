// Strategies against each other: best, median, and the best setting over its seeds; below, the chosen one's values as a map.

import { cutLine, inTone, lineWidth, span, type Line } from '../frame/line.ts';
import { formatValue, plural } from '../frame/number.ts';
import { fit } from '../frame/text.ts';
import { layoutOf } from '../layout.ts';
import { change, shownSweep, type HeatOf, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { heatLines } from '../strategies/heat-lines.ts';
import { toHeatMap } from '../strategies/heat-map.ts';
import type { Setting } from '../strategies/settings.ts';
import { strategyRows, type StrategyRow } from '../strategies/strategy-rows.ts';
import { goalOf } from '../summary/goal.ts';
import { movementIn, moveIn, scrollTo } from '../window.ts';

const LEAST_BELOW = 7;
const LEAST_LABEL = 12;
const [ENDED, VALUE] = [8, 9];
const NEXT: Readonly<Record<HeatOf, HeatOf>> = { best: 'median', median: 'spread', spread: 'best' };

/** The pane of the strategies. */
export const strategies: Pane = {
  id: 'strategies',
  title: 'Strategies',
  keys: [
    ['Enter', 'its trials'],
    ['v', 'best, median, spread'],
    ['↑ ↓', 'select'],
    ['Esc', 'back'],
  ],
  draw,
  press,
  status: (model) =>
    plural(strategyRows(model).length, 'strategie').replace(/strategie$/, 'strategy'),
};

function press(model: Model, key: string): Step | undefined {
  switch (key) {
    case 'enter':
    case 'right':
    case 'l':
      return openTrials(model);
    case 'v':
      return change(model, { heatOf: NEXT[model.heatOf] });
    case 'escape':
    case 'left':
    case 'h':
      return change(model, { pane: 'overview' });
    default:
      return move(model, key);
  }
}

function openTrials(model: Model): Step {
  const chosen = strategyRows(model)[chosenIndex(model)];
  return change(model, {
    pane: 'trials',
    filter: chosen === undefined ? '' : `strategy=${chosen.strategy}`,
    sort: { key: 'best', reversed: false },
  });
}

function move(model: Model, key: string): Step | undefined {
  const rows = strategyRows(model);
  const by = movementIn(key, rows.length, rows.length);
  if (by === undefined) return undefined;
  const next = rows[moveIn(chosenIndex(model), by, rows.length)];
  return change(model, { strategy: next?.strategy ?? '' });
}

function chosenIndex(model: Model): number {
  return Math.max(
    0,
    strategyRows(model).findIndex(({ strategy }) => strategy === model.strategy),
  );
}

function draw(model: Model, { columns, rows }: Size): readonly Line[] {
  const all = strategyRows(model);
  if (all.length === 0) return [[], [span(' No trials yet.', 'dim')]];
  const chosen = chosenIndex(model);
  const height = Math.max(1, Math.min(all.length, rows - 1 - LEAST_BELOW));
  const top = scrollTo(0, chosen, all.length, height);
  const name = Math.min(18, Math.max(8, ...all.map(({ strategy }) => strategy.length)));
  const list = all.slice(top, top + height).map((row, index) => {
    const line = rowLine(row, { name, columns: columns - 2, leads: top + index === 0 });
    return top + index === chosen
      ? inTone([span('▸ '), ...line], 'chosen', columns)
      : [span('  '), ...line];
  });
  const row = all[chosen];
  const room = rows - 1 - list.length;
  const below =
    row === undefined || layoutOf(model.size).body < LEAST_BELOW
      ? []
      : belowLines(model, row, { columns, rows: room });
  return [headingLine(name), ...list, ...below.slice(0, Math.max(0, room))];
}

function headingLine(name: number): Line {
  const titles = [
    fit('strategy', name),
    fit('ended', ENDED, 'right'),
    fit('best', VALUE, 'right'),
    fit('median', VALUE, 'right'),
  ].join('');
  return [span(`  ${titles}  best setting, over its seeds`, 'dim')];
}

type RowShape = { readonly name: number; readonly columns: number; readonly leads: boolean };

function rowLine(row: StrategyRow, { name, columns, leads }: RowShape): Line {
  const { strategy, ended, trials, best, median } = row;
  const [setting] = row.settings;
  const numbers = [
    span(fit(strategy, name), leads && best !== undefined ? 'strong' : 'plain'),
    span(fit(`${ended}/${trials}`, ENDED, 'right'), 'dim'),
    span(fit(orDash(best), VALUE, 'right'), leads ? 'good' : 'plain'),
    span(fit(orDash(median), VALUE, 'right')),
    span(`  ${setting === undefined ? '–' : overSeeds(setting)}`),
  ];
  // A few letters of a setting say nothing; the list below has all of it.
  const room = columns - lineWidth(numbers) - 2;
  return setting?.median === undefined || room < LEAST_LABEL
    ? numbers
    : [...numbers, span(`  ${setting.label}`, 'dim')];
}

/** `0.03412 (0.0301 … 0.0377, 3 seeds)`: the median, the best and the worst seed. */
function overSeeds({ median, values }: Setting): string {
  if (median === undefined) return '–';
  const [best = median, worst = median] = [values[0], values.at(-1)];
  const range = values.length > 1 ? `${formatValue(best)} … ${formatValue(worst)}, ` : '';
  return `${formatValue(median)} (${range}${plural(values.length, 'seed')})`;
}

function orDash(value: number | undefined): string {
  return value === undefined ? '–' : formatValue(value);
}

function belowLines(model: Model, row: StrategyRow, area: Size): readonly Line[] {
  const { columns } = area;
  const goal = goalOf(shownSweep(model));
  const map = toHeatMap(row.of, goal, model.heatOf);
  return map === undefined
    ? settingLines(row, area)
    : [
        [],
        mapTitle(model, row),
        ...heatLines({ map, mode: goal.mode, heatOf: model.heatOf, depth: model.depth }, columns),
        ...settingLines(row, area),
      ];
}

function mapTitle(model: Model, { strategy }: StrategyRow): Line {
  const metric = shownSweep(model)?.objective?.metric ?? 'objective';
  const what = model.heatOf === 'spread' ? `spread of ${metric}` : `${model.heatOf} ${metric}`;
  const sign = model.depth === 'none' ? '  █ better ░ worse' : '';
  return [
    span(` ${strategy}`, 'strong'),
    span(`  ${what} of the trials in each cell  ● best${sign}`, 'dim'),
  ];
}

function settingLines(
  { settings, strategy }: StrategyRow,
  { columns, rows }: Size,
): readonly Line[] {
  const lines = settings.slice(0, Math.max(0, rows)).map((setting): Line => {
    const done = `${setting.ended}/${setting.trials.length}`;
    return cutLine(
      [span(fit(overSeeds(setting), 37)), span(fit(done, 7), 'dim'), span(setting.label)],
      columns - 1,
    );
  });
  const title = [
    span(` Settings of ${strategy}`, 'strong'),
    span('  median over seeds (best … worst), ended', 'dim'),
  ];
  return [[], title, ...lines.map((line): Line => [span(' '), ...line])];
}
