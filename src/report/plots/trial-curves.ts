// One trial's page: each of its metrics over the epochs, the learning rate below, the same setting's other seeds in grey behind it.

import { toLooks } from '../look.ts';
import type { TrialData } from '../report-data.ts';
import { axisName, scaleOf, toAxis } from './axis.ts';
import { metricCurve, pairs } from './curves.ts';
import {
  AXIS_NAME,
  BASE,
  EPOCHS,
  NARROW,
  type NoPlot,
  type Plot,
  type Point,
  toData,
  type View,
} from './plot.ts';

const HEIGHT = 150;
const GAP = 46;

type Panel = {
  readonly name: string;
  readonly own: readonly { readonly label: string; readonly points: readonly Point[] }[];
  readonly others: readonly (readonly Point[])[];
};

/** The curves of one trial. */
export function trialPlot({ data, width }: View, trial: TrialData): Plot | NoPlot {
  if (trial.done === 0) return { kind: 'none', note: 'No epoch has been recorded yet.' };
  const siblings = data.trials.filter(
    (other) => other.setting === trial.setting && other.number !== trial.number,
  );
  const panels = toPanels(trial, siblings, data.sweep.metric);
  const look = toLooks(data.settings).get(data.settings[trial.setting]?.strategy ?? '');
  const epochs = Math.max(trial.done, ...siblings.map(({ done }) => done));
  const [left, right] = width < NARROW ? [48, 10] : [64, 16];
  const grid = { left, width: width - left - right, height: HEIGHT };
  return {
    kind: 'drawn',
    height: panels.length * (HEIGHT + GAP) + 50,
    note: `Dashed: the validation's metric beside the training's.${siblings.length > 0 ? ' Grey: the same setting with the other seeds.' : ''}`,
    option: {
      ...BASE,
      grid: panels.map((_, i) => ({ ...grid, top: 30 + i * (HEIGHT + GAP) })),
      xAxis: panels.map((_, i) => toXAxis(epochs, i, i === panels.length - 1)),
      yAxis: panels.map(toYAxis),
      series: panels.flatMap(({ own, others }, i) => [
        ...others.map((points) => toLine(points, i, { color: 'var(--faint)', width: 1.2 }, '')),
        ...own.map(({ points, label }) => {
          const type = label.startsWith('val_') ? [6, 3] : 'solid';
          return toLine(points, i, { color: look?.color, width: 2, type }, label);
        }),
      ]),
      tooltip: { ...BASE.tooltip, trigger: 'axis', valueFormatter: String },
    },
  };
}

function toXAxis(epochs: number, gridIndex: number, isLast: boolean): object {
  return {
    ...toAxis({ from: 0, to: epochs, log: false }, 8),
    gridIndex,
    splitLine: { show: false },
    ...(isLast ? EPOCHS : { axisLabel: { show: false } }),
  };
}

function toYAxis({ name, own, others }: Panel, gridIndex: number): object {
  const curves = [...own.map(({ points }) => points), ...others];
  const scale = scaleOf(
    curves.flatMap((points) => points.map(([, y]) => y)),
    5,
  );
  return { ...toAxis(scale, 5), gridIndex, name: axisName(name, scale), ...AXIS_NAME };
}

/** The objective with what it is the validation of, then other metrics likewise, then the learning rate. */
function toPanels(
  trial: TrialData,
  siblings: readonly TrialData[],
  metric: string,
): readonly Panel[] {
  const names = Object.keys(trial.curves.metrics);
  const bases = [...new Set([metric, ...names].map(base))];
  const panels = bases.map((name): Panel => {
    const having = names.filter((own) => base(own) === name);
    const lead = having.includes(`val_${name}`) ? `val_${name}` : name;
    return {
      name: having.join(', '),
      own: having.map((label) => ({ label, points: metricCurve(trial, label) })),
      others: siblings.map((other) => metricCurve(other, lead)),
    };
  });
  const rates = pairs(trial.curves.rates);
  return [
    ...panels.filter(({ own }) => own.length > 0),
    {
      name: 'learning rate',
      own: [{ label: 'learning rate', points: rates }],
      others: siblings.map(({ curves }) => pairs(curves.rates)),
    },
  ];
}

/** The training's metric that a validation's belongs to. */
function base(name: string): string {
  return name.replace(/^val_/, '');
}

function toLine(points: readonly Point[], grid: number, lineStyle: object, name: string): object {
  return {
    type: 'line',
    name,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: toData(points),
    showSymbol: points.length === 1,
    symbolSize: 4,
    lineStyle,
    itemStyle: { color: 'var(--soft)' },
    emphasis: { disabled: true },
    ...(name === '' ? { tooltip: { show: false }, silent: true } : {}),
  };
}
