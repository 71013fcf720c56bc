// A metric above and the learning rate below, over the same epochs.

import { axisName, scaleOf, toAxis } from './axis.ts';
import { AXIS_NAME, EPOCHS, NARROW, type Point } from './plot.ts';

type Panels = {
  readonly left: number;
  readonly inner: number;
  readonly upper: number;
  readonly lower: number;
  readonly height: number;
};

const TOP = 30;
const GAP = 44;

/** Places of both panels, in pixels; with room for names at the right where it is wide. */
export function twoPanels(width: number): Panels {
  const isNarrow = width < NARROW;
  const [left, right] = isNarrow ? [48, 10] : [64, 96];
  const [upper, lower] = isNarrow ? [240, 130] : [320, 160];
  return { left, inner: width - left - right, upper, lower, height: upper + lower + GAP + 70 };
}

/** The grids of echarts. */
export function layOut({ left, inner, upper, lower }: Panels): object {
  const grid = { left, width: inner };
  return {
    grid: [
      { ...grid, top: TOP, height: upper },
      { ...grid, top: TOP + upper + GAP, height: lower },
    ],
  };
}

/** The axes of echarts. */
export function toAxes(
  metric: string,
  values: readonly (readonly Point[])[],
  rates: readonly (readonly Point[])[],
  epochs: number,
): object {
  const [upper, lower] = [scaleOf(yOf(values), 6), scaleOf(yOf(rates), 4)];
  const x = { ...toAxis({ from: 0, to: epochs, log: false }, 8), splitLine: { show: false } };
  return {
    xAxis: [
      { ...x, gridIndex: 0, axisLabel: { show: false } },
      { ...x, gridIndex: 1, ...EPOCHS },
    ],
    yAxis: [
      { ...toAxis(upper, 6), gridIndex: 0, name: axisName(metric, upper), ...AXIS_NAME },
      { ...toAxis(lower, 4), gridIndex: 1, name: axisName('learning rate', lower), ...AXIS_NAME },
    ],
  };
}

/** The y of all points. */
export function yOf(curves: readonly (readonly Point[])[]): number[] {
  return curves.flatMap((points) => points.map(([, y]) => y));
}
