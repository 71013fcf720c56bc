// One trial: its curves, what it has reached, and why it ended if it did not end well.

import type { EpochView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { askToCancelTrial } from '../control/ask.ts';
import { askWhyTrial } from '../control/why.ts';
import { shiftTrial } from '../control/priority.ts';
import { askFor } from '../front/prompt.ts';
import { pauseOrResumeTrial, retryTrial } from '../control/steer.ts';
import { showDetails } from '../front/details.ts';
import { sparkline } from '../frame/bar.ts';
import { justify, span, type Line } from '../frame/line.ts';
import { formatRate, formatValue } from '../frame/number.ts';
import { lookOf, stateOf } from '../frame/state.ts';
import { wrap } from '../frame/text.ts';
import { trialCharts } from '../frame/chart/trial-charts.ts';
import { trialName } from '../frame/trial-name.ts';
import { change, shownSweep, type Model, type Siblings, type Size, type Step } from '../model.ts';
import { lookAt } from '../near/look-at.ts';
import { besideOf, nextSiblings } from '../near/siblings.ts';
import { showOutput } from '../near/show-output.ts';
import type { Pane } from '../pane.ts';
import { movement, moveBy, openTrial } from '../select.ts';
import { sharingText } from '../summary/sharing.ts';

const ROOMY = 9;
const OVERLAYS: Readonly<Record<Siblings, string>> = {
  none: '',
  seeds: 'other seeds',
  strategies: 'other strategies',
};

/** The pane of the selected trial. */
export const trial: Pane = {
  id: 'trial',
  title: 'Trial',
  keys: [
    ['x', 'overlay'],
    ['y', 'log axis'],
    ['w', 'why'],
    ['p', 'pause'],
    ['o', 'output'],
    ['i', 'all values'],
    ['n', 'clone, changed'],
    ['+ -', 'priority'],
    ['c', 'cancel'],
    ['r', 'retry'],
    ['Esc', 'back'],
    ['↑ ↓', 'other trials'],
  ],
  draw,
  press,
  status: ({ siblings }) => OVERLAYS[siblings],
  enter: (model) => openTrial(model, model.selectedId),
};

function press(model: Model, key: string): Step | undefined {
  const by = movement(model, key);
  if (by !== undefined) {
    const moved = moveBy(model, by).model;
    return openTrial(moved, moved.selectedId);
  }
  switch (key) {
    case 'x':
      return lookAt({ ...model, siblings: nextSiblings(model.siblings) }, {});
    case 'o':
      return showOutput(model, model.scope.trialId);
    case 'i':
      return showDetails(model, model.scope.trialId);
    case 'y':
      return change(model, { logAxis: !model.logAxis });
    case 'c':
      return askToCancelTrial(model, model.scope.trialId);
    case 'n':
      return model.trials.has(model.scope.trialId)
        ? askFor(model, { kind: 'clone', trialId: model.scope.trialId })
        : change(model, { notice: 'no trial is selected' });
    case '+':
    case '-':
      return shiftTrial(model, model.scope.trialId, key === '+' ? 1 : -1);
    case 'w':
      return askWhyTrial(model, model.scope.trialId);
    case 'p':
      return pauseOrResumeTrial(model, model.scope.trialId);
    case 'r':
      return retryTrial(model, model.scope.trialId);
    case 'escape':
    case 'left':
    case 'h':
      return change(model, { pane: model.back });
    default:
      return undefined;
  }
}

function draw(model: Model, area: Size): readonly Line[] {
  const shown = model.trials.get(model.scope.trialId);
  if (shown === undefined) return [[], [span(' No trial is open.', 'dim')]];
  const above = [
    titleLine(shown, area.columns),
    factLine(model, shown),
    ...sharingLines(model, shown, area),
    ...messageLines(shown, area),
  ];
  const below = metricLines(model.epochs.at(-1), area.columns).slice(0, Math.floor(area.rows / 9));
  const room = { columns: area.columns, rows: area.rows - above.length - below.length };
  return [...above, ...chartsOf(model, shown, room), ...below].slice(0, area.rows);
}

function titleLine(shown: TrialView, columns: number): Line {
  const state = stateOf(shown);
  const { sign, tone } = lookOf(state);
  const config = shown.config === '' ? '' : `  ${shown.config}`;
  const left = [span(` ${trialName(shown)}`, 'strong'), span(`${config}  seed ${shown.seed}`)];
  const where = shown.slot === '' ? '' : ` on ${shown.slot}`;
  return justify(left, [span(`${sign} ${state}`, tone), span(`${where} `)], columns);
}

function factLine(model: Model, shown: TrialView): Line {
  const metric = shownSweep(model)?.objective?.metric ?? 'objective';
  const facts: Line = [
    span(` epoch ${shown.epoch} of ${shown.epochs}`),
    span(shown.attempt > 1 ? `  attempt ${shown.attempt}` : '', 'warn'),
  ];
  if (!shown.hasValue) return facts;
  return [
    ...facts,
    span(`  best ${metric} `),
    span(formatValue(shown.bestValue), 'good'),
    span(` at epoch ${shown.bestEpoch}`, 'dim'),
    span(`  last ${formatValue(shown.lastValue)}  lr ${formatRate(shown.learningRate)}`),
  ];
}

function sharingLines(model: Model, shown: TrialView, { columns, rows }: Size): readonly Line[] {
  const text = rows < ROOMY ? '' : sharingText(model.trials.values(), shown, columns - 2);
  return text === '' ? [] : [[span(` ${text}`, 'good')]];
}

function messageLines(shown: TrialView, { columns, rows }: Size): readonly Line[] {
  if (shown.message === '') return [];
  const { tone } = lookOf(shown.state);
  return wrap(shown.message, Math.max(10, columns - 2))
    .slice(0, Math.max(1, Math.floor(rows / 4)))
    .map((text) => [span(` ${text}`, tone)]);
}

function metricLines(last: EpochView | undefined, columns: number): readonly Line[] {
  if (last === undefined) return [];
  const values = last.metrics.map(({ name, value }) => `${name} ${formatValue(value)}`);
  const text = [`epoch ${last.epoch}`, ...values].join(' · ');
  return wrap(text, Math.max(10, columns - 2)).map((line) => [span(` ${line}`)]);
}

function chartsOf(model: Model, shown: TrialView, area: Size): readonly Line[] {
  const { epochs, logAxis } = model;
  if (epochs.length === 0) return area.rows > 1 ? [[], [span(' No epoch yet.', 'dim')]] : [];
  const metric = shownSweep(model)?.objective?.metric ?? 'loss';
  const beside = besideOf(model);
  const charts = trialCharts({ epochs, total: shown.epochs, metric, log: logAxis, beside }, area);
  if (charts.length > 0) return charts;
  return [[span(` ${sparkline(shown.recent, area.columns - 2)}`, 'live')]];
}
