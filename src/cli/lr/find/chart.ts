// The smoothed loss of every seed over the learning rate, as a chart with the chosen rates marked.
// Promise: a loss that diverges does not make the rest of the curve flat.

import type { Chart, Mark } from '../../../chart/chart.ts';
import type { Found, Read } from './found.ts';

/** The vertical axis ends where the loss is so many times what it was at first. */
const ROOM = 1.5;

/** The chart, `width × height` in cells or in pixels. */
export function toChart(found: Found, width: number, height: number): Chart {
  const isExponential = found.ramp.scale === 'exponential';
  const to = topOf(found.seeds);
  return {
    series: found.seeds.map(({ seed, analysis }) => ({
      label: `seed ${seed}`,
      points: analysis.smoothed.map(
        (loss, step) => [found.learningRates[step] ?? 0, loss] as const,
      ),
    })),
    width,
    height,
    xAxis: { label: 'learning rate', scale: isExponential ? 'log' : 'linear' },
    yAxis: { label: 'smoothed loss', scale: 'linear', ...(to !== undefined && { to }) },
    marks: toMarks(found),
  };
}

function toMarks({ rates }: Found): readonly Mark[] {
  if (rates.kind === 'none') return [];
  return [
    { x: rates.base_lr, label: 'base_lr', sign: '▿' },
    { x: rates.max_lr, label: 'max_lr', sign: '▾' },
  ];
}

/** Nothing where the curves fit. */
function topOf(seeds: readonly Read[]): number | undefined {
  const all = seeds.flatMap(({ analysis }) => analysis.smoothed).filter(Number.isFinite);
  const first = Math.max(...seeds.map(({ analysis }) => analysis.smoothed[0] ?? 0));
  return first > 0 && Math.max(...all) > ROOM * first ? ROOM * first : undefined;
}
