// One chart inside an SVG document: legend, grid and ticks, marks, curves.
// Promise: a curve has at most four points for each pixel, whatever it was made from, and loses no spike.

import type { Chart, Mark } from '../chart.ts';
import { markGroups, signOf } from '../heading.ts';
import { cut, toPlain } from '../label.ts';
import { placeOn, toXScale, toYScale, type Scale } from '../scale.ts';
import { toStrokes, type Column } from '../strokes.ts';
import { classOf, dashOf } from './style.ts';
import { escape, lineAt, px, textAt } from './text.ts';
import { toLabels, toShort, toTicks } from '../ticks.ts';

/** Pixels around the curves, and of a line of text. */
const MARGIN = { left: 64, right: 20, bottom: 42 } as const;
const LINE = 18;

/** Pixels of a wide character. */
const CHARACTER = 7;

/** Pixels of a row of signs. */
const SIGN = 14;

/** Pixels between the end of an axis and a tick, so that there is room for the labels of both. */
const ROOM = { x: 45, y: 15 } as const;

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
  const top = above + (legend.length + 1) * LINE + markGroups(chart).length * SIGN + 8;
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

function legendElements({ series, width }: Chart, above: number): readonly string[] {
  if (series.length === 1 && series[0]?.label === '') return [];
  return series.map(({ label, key }, i) => {
    const y = above + (i + 1) * LINE;
    const line = `<path class="curve ${classOf(key ?? i)}"${dashOf(key ?? i)} d="M8 ${px(y - 4)}H48"/>`;
    return line + textAt(56, y, cut(toPlain(label), Math.floor((width - 56) / CHARACTER)));
  });
}

function gridElements({ xAxis }: Chart, frame: Frame): readonly string[] {
  const { left, top, width, height, x, y } = frame;
  const [right, bottom] = [left + width, top + height];
  const xTicks = withEnds(x, toTicks(x, atLeastTwo(width / PIXELS_PER_TICK.x)), ROOM.x / width);
  const yTicks = withEnds(y, toTicks(y, atLeastTwo(height / PIXELS_PER_TICK.y)), ROOM.y / height);
  const name = x.log && xAxis.label !== '' ? `${xAxis.label} (log)` : xAxis.label;
  return [
    ...yTicks.flatMap(({ tick, label }) => {
      const at = bottom - (placeOn(y, tick) ?? 0) * height;
      return [lineAt(left, at, right, at, 'grid'), textAt(left - 8, at + 4, label, 'end', 'dim')];
    }),
    ...xTicks.flatMap(({ tick, label }) => {
      const at = left + (placeOn(x, tick) ?? 0) * width;
      return [lineAt(at, top, at, bottom, 'grid'), textAt(at, bottom + 16, label, 'middle', 'dim')];
    }),
    `<path d="M${px(left)} ${px(top)}V${px(bottom)}H${px(right)}"/>`,
    textAt(left + width / 2, bottom + 34, name, 'middle', 'dim'),
  ];
}

/** The ticks with their labels, and those ends of the scale that are this share of it or more away from any. */
function withEnds(
  scale: Scale,
  ticks: readonly number[],
  room: number,
): readonly { readonly tick: number; readonly label: string }[] {
  const places = ticks.map((tick) => placeOn(scale, tick) ?? 0);
  const ends = [scale.from, scale.to].filter((_, end) =>
    places.every((place) => Math.abs(place - end) >= room),
  );
  const labels = toLabels(ticks, scale.log);
  return [
    ...ticks.map((tick, i) => ({ tick, label: labels[i] ?? '' })),
    ...ends.map((tick) => ({ tick, label: toShort(tick) })),
  ];
}

function atLeastTwo(count: number): number {
  return Math.max(2, Math.floor(count));
}

function markElements(chart: Chart, frame: Frame): readonly string[] {
  const { left, top, width, height, x } = frame;
  return markGroups(chart).flatMap((group, row, rows) =>
    group.flatMap((mark) => {
      const place = placeOn(x, mark.x);
      if (place === undefined || place < 0 || place > 1) return [];
      const at = left + place * width;
      const title = `<title>${escape(`${mark.label} at ${toShort(mark.x)}`)}</title>`;
      const signTop = top - 4 - (rows.length - 1 - row) * SIGN;
      const sign = textAt(at, signTop, signOf(mark), 'middle', markClass(chart, mark));
      return [`<g>${title}${lineAt(at, top, at, top + height, 'mark')}${sign}</g>`];
    }),
  );
}

function markClass({ series }: Chart, mark: Mark): string {
  if (mark.series === undefined || series.length === 1) return 'dim';
  return classOf(series[mark.series]?.key ?? mark.series);
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
