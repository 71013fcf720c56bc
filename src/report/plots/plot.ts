// What a plot is, whether echarts draws it in Node.js or in the browser, and what all of them have in common.
// Promise: colours are variables of the page's style sheet, so that one drawing serves light, dark and print.

import type { EChartsCoreOption } from 'echarts/core';
import type { ReportData, TrialData } from '../report-data.ts';

/** A plot: what echarts is given, how high it is in pixels, and what is said below it. */
export type Plot = {
  readonly kind: 'drawn';
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly note: string;
};

/** Instead of a plot: why there is none. */
export type NoPlot = { readonly kind: 'none'; readonly note: string };

/** What plots are made from: the report, those of its trials that the filters let through, and the width in pixels. */
export type View = {
  readonly data: ReportData;
  readonly trials: readonly TrialData[];
  readonly width: number;
};

/** Below this many pixels a plot is laid out for a phone. */
export const NARROW = 560;

/** The text of axes and labels. */
export const TEXT = { color: 'var(--soft)', fontSize: 12, fontFamily: 'inherit' } as const;

/** What every plot begins with. */
export const BASE = {
  animation: false,
  backgroundColor: 'transparent',
  textStyle: TEXT,
  tooltip: {
    trigger: 'item',
    confine: true,
    backgroundColor: 'var(--page)',
    borderColor: 'var(--rule)',
    textStyle: { color: 'var(--ink)', fontSize: 13, fontFamily: 'inherit' },
    extraCssText: 'box-shadow:none;max-width:min(28rem,80vw);white-space:normal',
    transitionDuration: 0,
  },
} as const;

/** A point of a curve. */
export type Point = readonly [x: number, y: number];

/** Points as echarts takes them; one that is not finite is a gap. */
export function toData(points: readonly Point[]): (readonly [number, number | '-'])[] {
  return points.map(([x, y]) => [x, Number.isFinite(y) ? y : '-']);
}

/** Names of upright axes stand above them. */
export const AXIS_NAME = {
  nameLocation: 'end',
  nameGap: 12,
  nameTextStyle: { ...TEXT, align: 'left', padding: [0, 0, 0, -44], color: 'var(--ink)' },
} as const;

/** The name of a level axis over epochs. */
export const EPOCHS = {
  name: 'epochs trained',
  nameLocation: 'middle',
  nameGap: 26,
  nameTextStyle: { ...TEXT, color: 'var(--ink)' },
} as const;
