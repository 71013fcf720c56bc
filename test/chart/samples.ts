// Charts that several tests draw.

import type { Chart, Point } from '../../src/chart/chart.ts';

/** Triangles that are halved every cycle of eight epochs, 100 steps an epoch. */
export function triangles(): readonly Point[] {
  return Array.from({ length: 2001 }, (_, step): Point => {
    const cycle = Math.floor(1 + step / 800);
    const height = Math.max(0, 1 - Math.abs(step / 400 - 2 * cycle + 1));
    return [step / 100, 0.001 + (0.005 * height) / 2 ** (cycle - 1)];
  });
}

/** A tenth every five epochs. */
export const STEPS: readonly Point[] = [
  [0, 0.1],
  [5, 0.01],
  [10, 0.001],
  [15, 0.0001],
  [20, 0.0001],
];

/** A chart of learning rates over epochs. */
export function chartOf(chart: Partial<Chart>): Chart {
  return {
    series: [],
    width: 80,
    height: 24,
    xAxis: { label: 'epoch' },
    yAxis: { label: 'learning rate' },
    ...chart,
  };
}

/** What a learning-rate finder draws: a loss over rates, which falls, then bursts. */
export const FINDER: Chart = chartOf({
  height: 16,
  series: [
    {
      label: '',
      points: Array.from({ length: 100 }, (_, i): Point => {
        const rate = 10 ** (-7 + i * 0.07);
        return [rate, 2.3 - 1.5 / (1 + 3e-3 / rate) + Math.max(0, rate - 0.1) * 3];
      }),
    },
  ],
  xAxis: { label: 'learning rate', scale: 'log' },
  yAxis: { label: 'loss' },
  marks: [{ x: 1e-3, label: 'suggested' }],
});
