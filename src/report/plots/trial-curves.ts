// One trial's page: each of its metrics over the epochs, the learning rate below, the same setting's other seeds in grey behind it.

import { toLooks } from '../look.ts';
import type { TrialData } from '../report-data.ts';
import { axisName, scaleOf, toAxis } from './axis.ts';
import { metricCurve, pairs } from './curves.ts';
import { BASE, NARROW, type NoPlot, type Plot, TEXT, type View } from './plot.ts';

const HEIGHT = 150;
const GAP = 46;

type Point = readonly [x: number, y: number];

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
  const x = toAxis({ from: 0, to: epochs, log: false }, 8);
  return {
    kind: 'drawn',
    height: panels.length * (HEIGHT + GAP) + 50,
    note: `Dashed: the validation's metric beside the training's.${siblings.length > 0 ? ' Grey: the same setting with the other seeds.' : ''}`,
    option: {
      ...BASE,
      grid: panels.map((_, i) => ({
        left,
        width: width - left - right,
        top: 30 + i * (HEIGHT + GAP),
        height: HEIGHT,
      })),
      xAxis: panels.map((_, i) => ({
        ...x,
        gridIndex: i,
        splitLine: { show: false },
        ...(i < panels.length - 1
          ? { axisLabel: { show: false } }
          : {
              name: 'epochs trained',
              nameLocation: 'middle',
              nameGap: 26,
              nameTextStyle: { ...TEXT, color: 'var(--ink)' },
            }),
      })),
      yAxis: panels.map(({ name, own, others }, i) => {
        const scale = scaleOf(
          [...own.map(({ points }) => points), ...others].flatMap((points) =>
            points.map(([, y]) => y),
          ),
          5,
        );
        return {
          ...toAxis(scale, 5),
          gridIndex: i,
          name: axisName(name, scale),
          nameLocation: 'end',
          nameGap: 12,
          nameTextStyle: { ...TEXT, align: 'left', padding: [0, 0, 0, -44], color: 'var(--ink)' },
        };
      }),
      series: panels.flatMap(({ own, others }, i) => [
        ...others.map((points) => toLine(points, i, { color: 'var(--faint)', width: 1.2 }, '')),
        ...own.map(({ points, label }) =>
          toLine(
            points,
            i,
            { color: look?.color, width: 2, type: label.startsWith('val_') ? [6, 3] : 'solid' },
            label,
          ),
        ),
      ]),
      tooltip: {
        ...BASE.tooltip,
        trigger: 'axis',
        valueFormatter: (value: unknown) => String(value),
      },
    },
  };
}

/** The objective with what it is the validation of, then other metrics likewise, then the learning rate. */
function toPanels(
  trial: TrialData,
  siblings: readonly TrialData[],
  metric: string,
): readonly Panel[] {
  const base = (name: string): string => name.replace(/^val_/, '');
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

function toLine(points: readonly Point[], grid: number, lineStyle: object, name: string): object {
  return {
    type: 'line',
    name,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: points.map(([x, y]) => [x, Number.isFinite(y) ? y : '-']),
    showSymbol: points.length === 1,
    symbolSize: 4,
    lineStyle,
    itemStyle: { color: 'var(--soft)' },
    emphasis: { disabled: true },
    ...(name === '' ? { tooltip: { show: false }, silent: true } : {}),
  };
}
