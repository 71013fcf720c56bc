// One chart inside an SVG document: legend, grid and ticks, marks, curves.
// Promise: a curve has at most four points for each pixel, whatever it was made from, and loses no spike.

import type { Chart } from './chart.ts';
import { signOf } from './heading.ts';
import { toPlain } from './label.ts';
import { placeOn, toXScale, toYScale, type Scale } from './scale.ts';
import { toStrokes, type Column } from './strokes.ts';
import { classOf, dashOf } from './svg-style.ts';
import { escape, lineAt, px, textAt } from './svg-text.ts';
import { toLabels, toShort, toTicks } from './ticks.ts';

/** Pixels around the curves, and of a line of text. */
const MARGIN = { left: 64, right: 20, bottom: 42 } as const;
const LINE = 18;
const PIXELS_PER_TICK = { x: 70, y: 36 } as const;

type Frame = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
};

/** The elements of a chart whose upper left corner is `above` pixels below that of the document. */
export function panelElements(chart: Chart, above: number): readonly string[] {
  const legend = legendElements(chart, above + LINE);
  const top = above + (legend.length + 1) * LINE + (chart.marks?.length ? LINE : 0) + 8;
  const height = Math.max(20, above + chart.height - MARGIN.bottom - top);
  const frame = {
    left: MARGIN.left,
    top,
    width: Math.max(20, chart.width - MARGIN.left - MARGIN.right),
    height,
    x: toXScale(chart.series, chart.xAxis),
    y: toYScale(chart.series, chart.yAxis, Math.max(2, Math.floor(height / PIXELS_PER_TICK.y))),
  };
  return [
    ...headingElements(chart, frame, above + LINE),
    ...legend,
    ...gridElements(chart, frame),
    ...markElements(chart, frame),
    ...curveElements(chart, frame),
  ];
}

function headingElements(
  { yAxis, marks = [] }: Chart,
  { y }: Frame,
  at: number,
): readonly string[] {
  const meanings = new Set(marks.map((mark) => `${signOf(mark)} ${toPlain(mark.label)}`));
  const name = yAxis.label === '' ? [] : [y.log ? `${yAxis.label} (log)` : yAxis.label];
  return [textAt(8, at, [...name, ...meanings].join(' \u00B7 '), 'start', 'dim')];
}

function legendElements({ series }: Chart, above: number): readonly string[] {
  if (series.length === 1 && series[0]?.label === '') return [];
  return series.map(({ label, key }, i) => {
    const y = above + (i + 1) * LINE;
    const line = `<path class="curve ${classOf(key ?? i)}"${dashOf(key ?? i)} d="M8 ${px(y - 4)}H48"/>`;
    return line + textAt(56, y, label);
  });
}

function gridElements({ xAxis }: Chart, frame: Frame): readonly string[] {
  const { left, top, width, height, x, y } = frame;
  const [right, bottom] = [left + width, top + height];
  const xTicks = toTicks(x, Math.max(2, Math.floor(width / PIXELS_PER_TICK.x)));
  const yTicks = toTicks(y, Math.max(2, Math.floor(height / PIXELS_PER_TICK.y)));
  const xLabels = toLabels(xTicks, x.log);
  const yLabels = toLabels(yTicks, y.log);
  const name = x.log && xAxis.label !== '' ? `${xAxis.label} (log)` : xAxis.label;
  return [
    ...yTicks.flatMap((tick, i) => {
      const at = bottom - (placeOn(y, tick) ?? 0) * height;
      return [
        lineAt(left, at, right, at, 'grid'),
        textAt(left - 8, at + 4, yLabels[i] ?? '', 'end', 'dim'),
      ];
    }),
    ...xTicks.flatMap((tick, i) => {
      const at = left + (placeOn(x, tick) ?? 0) * width;
      return [
        lineAt(at, top, at, bottom, 'grid'),
        textAt(at, bottom + 16, xLabels[i] ?? '', 'middle', 'dim'),
      ];
    }),
    `<path d="M${px(left)} ${px(top)}V${px(bottom)}H${px(right)}"/>`,
    textAt(left + width / 2, bottom + 34, name, 'middle', 'dim'),
  ];
}

function markElements({ marks = [], series }: Chart, frame: Frame): readonly string[] {
  const { left, top, width, height, x } = frame;
  return marks.flatMap((mark) => {
    const place = placeOn(x, mark.x);
    if (place === undefined || place < 0 || place > 1) return [];
    const at = left + place * width;
    const owner = mark.series === undefined ? undefined : series[mark.series];
    const key = owner?.key ?? mark.series ?? 0;
    const tone = owner === undefined || series.length === 1 ? 'dim' : classOf(key);
    const title = `<title>${escape(`${mark.label} at ${toShort(mark.x)}`)}</title>`;
    const sign = textAt(at, top - 4, signOf(mark), 'middle', tone);
    return [`<g>${title}${lineAt(at, top, at, top + height, 'mark')}${sign}</g>`];
  });
}

function curveElements({ series }: Chart, frame: Frame): readonly string[] {
  const { left, top, width, height, x, y } = frame;
  const columns = Math.round(width) + 1;
  const toX = (column: number): number => left + (column / (columns - 1)) * width;
  const toY = (place: number): number => top + (1 - place) * height;
  return series.map((one, i) => {
    const key = one.key ?? i;
    const strokes = toStrokes(one, { x, y, columns });
    const d = strokes.map((stroke) => toPath(stroke, toX, toY)).join('');
    const title = one.label === '' ? '' : `<title>${escape(one.label)}</title>`;
    return `<path class="curve ${classOf(key)}"${dashOf(key)} d="${d}">${title}</path>`;
  });
}

/** In each column the first, the least and the greatest in their order, and the last point. Points on a level line are left out. */
function toPath(
  stroke: readonly Column[],
  toX: (column: number) => number,
  toY: (place: number) => number,
): string {
  const points = stroke.flatMap(({ x, first, last, least, greatest, rising }) => {
    const between = rising ? [least, greatest] : [greatest, least];
    return [first, ...between, last].map((place) => ({ x: px(toX(x)), y: px(toY(place)) }));
  });
  const different = points.filter(
    ({ x, y }, i) => x !== points[i - 1]?.x || y !== points[i - 1]?.y,
  );
  const bends = different.filter(
    ({ y }, i) => y !== different[i - 1]?.y || y !== different[i + 1]?.y,
  );
  const [start, ...rest] = bends;
  if (start === undefined) return '';
  return `M${start.x} ${start.y}${rest.map(({ x, y }) => `L${x} ${y}`).join('')}`;
}
