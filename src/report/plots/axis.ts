// Axes of plots: round ticks, logarithmic where values span much, as the charts of the terminal have them.

import { toYScale, type Scale } from '../../chart/scale.ts';
import { toLabels, toTicks } from '../../chart/ticks.ts';
import { TEXT } from './plot.ts';

/** Positive values that span more than this factor are drawn on a logarithmic scale. */
const LOG_FACTOR = 8;

/** The scale of some values with round ends; from 0 to 1 of none. */
export function scaleOf(values: readonly number[], ticks: number): Scale {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { from: 0, to: 1, log: false };
  const [least, greatest] = finite.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const scale = least > 0 && greatest / least > LOG_FACTOR ? 'log' : 'linear';
  const points = [least, greatest].map((value) => [0, value] as const);
  return toYScale([{ label: '', points }], { label: '', scale }, ticks);
}

/** Where a value lies on a scale, from 0 at its beginning to 1 at its end. */
export function partOf({ from, to, log }: Scale, value: number): number {
  const turn = (x: number): number => (log ? Math.log(x) : x);
  return (turn(value) - turn(from)) / (turn(to) - turn(from));
}

/** An axis of echarts on a scale, with at most so many labels. */
export function toAxis(scale: Scale, ticks: number): object {
  const values = toTicks(scale, ticks);
  const labels = new Map(toLabels(values, scale.log).map((label, i) => [values[i] ?? 0, label]));
  return {
    type: scale.log ? 'log' : 'value',
    min: scale.from,
    max: scale.to,
    axisLabel: {
      ...TEXT,
      customValues: values,
      formatter: (value: number) => labels.get(value) ?? nearest(labels, value),
    },
    axisTick: { show: false, customValues: values },
    axisLine: { show: false },
    splitLine: { lineStyle: { color: 'var(--rule)' } },
  };
}

/** `name` with a word on its scale. */
export function axisName(name: string, { log }: Scale): string {
  return log ? `${name} (log scale)` : name;
}

/** A logarithmic axis hands back its ticks with a rounding error. */
function nearest(labels: ReadonlyMap<number, string>, value: number): string {
  for (const [tick, label] of labels) {
    if (Math.abs(tick - value) <= 1e-9 * Math.abs(tick)) return label;
  }
  return '';
}
