// All trials in a list that can be sorted and filtered; only the rows on the screen are drawn, however many there are.

import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { SORT_KEYS } from '../arrange.ts';
import { askToCancelTrial } from '../control/ask.ts';
import { askWhyTrial } from '../control/why.ts';
import { shiftTrial } from '../control/priority.ts';
import { askFor } from '../front/prompt.ts';
import { pauseOrResumeTrial, retryTrial } from '../control/steer.ts';
import { showDetails } from '../front/details.ts';
import { sparkline } from '../frame/bar.ts';
import { inTone, span, type Line, type Tone } from '../frame/line.ts';
import { formatCount, formatRate, formatValue, plural } from '../frame/number.ts';
import { lookOf, stateOf } from '../frame/state.ts';
import { fitColumns, headingOf, LUXURY, rowOf, type Column } from '../frame/table.ts';
import { trialName } from '../frame/trial-name.ts';
import { hasDetail, listRows } from '../layout.ts';
import {
  change,
  shownSweep,
  shownTrials,
  type Model,
  type Size,
  type Sort,
  type SortKey,
  type Step,
} from '../model.ts';
import { showOutput } from '../near/show-output.ts';
import type { Pane } from '../pane.ts';
import { movement, moveBy, openTrial } from '../select.ts';

const SORT_NAMES: Readonly<Record<SortKey, string>> = {
  number: 'number',
  state: 'state',
  strategy: 'strategy',
  epoch: 'epoch',
  best: 'best',
  last: 'last value',
  rate: 'learning rate',
};

/** The list of trials. */
export const trials: Pane = {
  id: 'trials',
  title: 'Trials',
  keys: [
    ['Enter', 'open'],
    ['/', 'filter'],
    ['s', 'sort'],
    ['p', 'pause'],
    ['w', 'why'],
    ['c', 'cancel'],
    ['r', 'retry'],
    ['S', 'reverse'],
    ['i', 'all values'],
    ['n', 'clone, changed'],
    ['+ -', 'priority'],
    ['o', 'output'],
  ],
  draw,
  press,
  status,
};

function press(model: Model, key: string): Step | undefined {
  const by = movement(model, key);
  if (by !== undefined) return moveBy(model, by);
  switch (key) {
    case 'enter':
    case 'right':
    case 'l':
      return openTrial(model, model.selectedId);
    case 'i':
      return showDetails(model, model.selectedId);
    case 'o':
      return showOutput(model, model.selectedId);
    case 's':
      return change(model, { sort: { key: nextKey(model.sort), reversed: false } });
    case 'S':
      return change(model, { sort: { ...model.sort, reversed: !model.sort.reversed } });
    case 'c':
      return askToCancelTrial(model, model.selectedId);
    case 'n':
      return model.trials.has(model.selectedId)
        ? askFor(model, { kind: 'clone', trialId: model.selectedId })
        : change(model, { notice: 'no trial is selected' });
    case '+':
    case '-':
      return shiftTrial(model, model.selectedId, key === '+' ? 1 : -1);
    case 'w':
      return askWhyTrial(model, model.selectedId);
    case 'p':
      return pauseOrResumeTrial(model, model.selectedId);
    case 'r':
      return retryTrial(model, model.selectedId);
    case 'escape':
      return model.filter === ''
        ? change(model, { pane: 'overview' })
        : change(model, { filter: '' });
    case 'left':
    case 'h':
      return change(model, { pane: 'overview' });
    default:
      return undefined;
  }
}

function nextKey({ key }: Sort): SortKey {
  return SORT_KEYS[(SORT_KEYS.indexOf(key) + 1) % SORT_KEYS.length] ?? 'number';
}

function status({ rows, sort, filter, size, top }: Model): string {
  const last = Math.min(rows.length, top + listRows(size));
  const range =
    rows.length <= listRows(size)
      ? plural(rows.length, 'trial')
      : `${formatCount(top + 1)}–${formatCount(last)} of ${plural(rows.length, 'trial')}`;
  const order = `by ${SORT_NAMES[sort.key]}${sort.reversed ? ' reversed' : ''}`;
  return [range, filter === '' ? '' : `/${filter}`, order].filter(Boolean).join(' · ');
}

function draw(model: Model, { columns, rows }: Size): readonly Line[] {
  if (model.rows.length === 0) return [[], [span(emptyText(model), 'dim')]];
  const fitted = fitColumns(columnsFor(model, columns), columns - 2);
  const shown = model.rows.slice(model.top, model.top + Math.min(rows - 1, listRows(model.size)));
  const list = shown.map((trial) =>
    trial.trialId === model.selectedId
      ? inTone([span('▸ '), ...rowOf(fitted, trial)], 'chosen', columns)
      : [span('  '), ...rowOf(fitted, trial)],
  );
  const heading = [span(`  ${headingOf(fitted)}`, 'dim')];
  if (!hasDetail(model.size)) return [heading, ...list];
  const filled = [...list, ...Array.from({ length: rows - 2 - list.length }, () => [])];
  return [heading, ...filled, detailLine(model.trials.get(model.selectedId))];
}

function detailLine(trial: TrialView | undefined): Line {
  if (trial === undefined) return [];
  const { config, seed, slot, message, state } = trial;
  const values = [trialName(trial), config, `seed ${seed}`, slot].filter(Boolean).join(' · ');
  return [span(` ${values}`), span(message === '' ? '' : `  ${message}`, lookOf(state).tone)];
}

function emptyText(model: Model): string {
  if (shownTrials(model).length === 0) return ' No trials yet.';
  return ` No trial matches “${model.filter}”. Esc shows all.`;
}

function columnsFor(model: Model, columns: number): readonly Column<TrialView>[] {
  const mark = (key: SortKey, title: string): string =>
    model.sort.key === key ? `${title}${model.sort.reversed ? '▴' : '▾'}` : title;
  return [
    ...nameColumns(model, columns, mark),
    valueColumn(mark('epoch', 'epoch'), 8, 3, ({ epoch, epochs }) => `${epoch}/${epochs}`),
    bestColumn(mark('best', 'best'), shownSweep(model)?.bestTrialId),
    valueColumn(mark('last', 'last'), 9, LUXURY, lastText),
    valueColumn(mark('rate', 'lr'), 8, 4, rateText),
    {
      title: 'recent',
      width: 8,
      rank: 5,
      cell: (trial, width) => ({
        text: sparkline(trial.recent, width),
        tone: lookOf(stateOf(trial)).tone,
      }),
    },
    {
      title: 'slot',
      width: 12,
      grow: 1,
      most: 24,
      rank: LUXURY + 1,
      cell: ({ slot }) => plain(slot),
    },
  ];
}

function nameColumns(
  { rows, sort }: Model,
  columns: number,
  mark: (key: SortKey, title: string) => string,
): readonly Column<TrialView>[] {
  const wide = columns >= 140;
  const seeded = rows.some(({ seed }) => seed !== rows[0]?.seed);
  const configText = ({ config, seed }: TrialView): string =>
    [config, seeded ? `seed ${seed}` : ''].filter(Boolean).join(' ');
  const longestConfig = longest(rows, ({ config }) => config.length) + (seeded ? 9 : 0);
  const longestName = longest(
    rows,
    ({ strategy, strategyValues }) => strategy.length + strategyValues.length + 1,
  );
  const config: Column<TrialView> = {
    title: 'config',
    width: Math.min(16, longestConfig),
    grow: 2,
    most: longestConfig,
    rank: 2,
    cell: (trial) => plain(configText(trial)),
  };
  return [
    {
      title: mark('number', '#'),
      width: 5,
      rank: 0,
      align: 'right',
      cell: ({ number }) => ({ text: String(number), tone: 'dim' }),
    },
    {
      title: wide || sort.key === 'state' ? mark('state', 'state') : '',
      width: wide ? 11 : 1,
      rank: 0,
      cell: (trial) => {
        const state = stateOf(trial);
        const { sign, tone } = lookOf(state);
        return { text: wide ? `${sign} ${state}` : sign, tone };
      },
    },
    {
      title: mark('strategy', 'strategy'),
      width: 14,
      grow: 6,
      most: longestName,
      rank: 0,
      cell: ({ strategy, strategyValues }) => plain(`${strategy} ${strategyValues}`),
    },
    ...(longestConfig > 0 ? [config] : []),
  ];
}

function longest(rows: readonly TrialView[], length: (trial: TrialView) => number): number {
  return rows.reduce((most, trial) => Math.max(most, length(trial)), 0);
}

function valueColumn(
  title: string,
  width: number,
  rank: number,
  text: (trial: TrialView) => string,
): Column<TrialView> {
  return { title, width, rank, align: 'right', cell: (trial) => plain(text(trial)) };
}

function bestColumn(title: string, bestTrialId: string | undefined): Column<TrialView> {
  return {
    ...valueColumn(title, 9, 0, bestText),
    cell: (trial) => ({
      text: bestText(trial),
      tone: trial.trialId === bestTrialId ? 'good' : 'plain',
    }),
  };
}

function plain(text: string): { readonly text: string; readonly tone: Tone } {
  return { text, tone: 'plain' };
}

function bestText({ hasValue, bestValue }: TrialView): string {
  return hasValue ? formatValue(bestValue) : '–';
}

function lastText({ hasValue, lastValue }: TrialView): string {
  return hasValue ? formatValue(lastValue) : '–';
}

function rateText({ epoch, learningRate }: TrialView): string {
  return epoch === 0 && learningRate === 0 ? '–' : formatRate(learningRate);
}
