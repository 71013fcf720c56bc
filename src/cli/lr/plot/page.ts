// Traced strategies as charts with words below. Promise: a pure function; the words say what the curves rest on and what is missing.

import type { Chart, Mark, Series } from '../../../chart/chart.ts';
import { plural } from '../../words.ts';
import type { Traced } from '../trace-strategy.ts';
import type { Candidate } from './candidate.ts';
import { toPoints } from './curve-points.ts';
import { findHappenings, isStairs, toMarks } from './marks.ts';

/** A strategy with its values, and words about the metric that it followed. */
export type Drawn = {
  readonly candidate: Candidate;
  readonly traced: Traced;
  readonly told?: string;
};

/** Charts without their size, and the lines below them. */
export type Page = { readonly charts: readonly Sizeless[]; readonly words: readonly string[] };

/** A chart that can be given any size. */
export type Sizeless = Omit<Chart, 'width' | 'height'>;

/** How they are drawn. */
export type PageOptions = {
  readonly stepsPerEpoch: number;
  readonly scale?: 'linear' | 'log';
  readonly momentum: boolean;
};

/** The chart of learning rates, then that of momentum where any strategy moves it. */
export function toPage(drawn: readonly Drawn[], options: PageOptions): Page {
  const { stepsPerEpoch } = options;
  const marked = drawn.map(({ candidate, traced }, i) =>
    toMarks(findHappenings(candidate.spec, traced.rates, stepsPerEpoch), stepsPerEpoch, i),
  );
  const scale = options.scale ?? scaleFor(drawn);
  const rates: Sizeless = {
    series: drawn.map((one) => toSeries(one, one.traced.rates, stepsPerEpoch)),
    xAxis: xAxisFor(drawn),
    yAxis: { label: 'learning rate', scale },
    marks: marked.flatMap(({ marks }): readonly Mark[] => marks),
  };
  const momentum = options.momentum ? momentumChart(drawn, stepsPerEpoch) : [];
  const many = marked.map(({ many: left }) =>
    left.length === 0 ? [] : [`not marked: ${left.join(', ')}`],
  );
  const words = drawn.map((one, i): Words => ({
    name: one.candidate.name,
    own: [
      ...(one.told === undefined ? [] : [one.told]),
      ...(many[i] ?? []),
      ...missingWords(one.traced.rates, scale),
    ],
  }));
  return { charts: [rates, ...momentum], words: joinWords(words) };
}

type Words = { readonly name: string; readonly own: readonly string[] };

/** What holds for one of several is said with its name, what holds for all that have words, once. */
function joinWords(words: readonly Words[]): readonly string[] {
  const speaking = words.filter(({ own }) => own.length > 0);
  const first = speaking[0]?.own ?? [];
  if (words.length === 1 || speaking.every(({ own }) => own.join('\n') === first.join('\n')))
    return first;
  return speaking.flatMap(({ name, own }) => own.map((text) => `${name}: ${text}`));
}

function momentumChart(drawn: readonly Drawn[], stepsPerEpoch: number): readonly Sizeless[] {
  const series = drawn.flatMap((one, key): readonly Series[] =>
    one.traced.momentum === undefined
      ? []
      : [{ ...toSeries(one, one.traced.momentum, stepsPerEpoch), key }],
  );
  if (series.length === 0) return [];
  const named = drawn.length === 1 ? series.map((one) => ({ ...one, label: '' })) : series;
  const yAxis = { label: 'momentum', scale: 'linear' } as const;
  return [{ series: named, xAxis: xAxisFor(drawn), yAxis }];
}

function xAxisFor(drawn: readonly Drawn[]): Chart['xAxis'] {
  const to = drawn.reduce((most, { candidate }) => Math.max(most, candidate.epochs), 0);
  return { label: 'epoch', scale: 'linear', from: 0, to };
}

function toSeries({ candidate }: Drawn, values: Float64Array, stepsPerEpoch: number): Series {
  return {
    label: candidate.name,
    points: toPoints(values, stepsPerEpoch, isStairs(candidate.spec)),
  };
}

/** A value below this share of the greatest cannot be seen on a linear axis. */
const LOW = 1 / 30;

/** A curve that merely passes low values on its way to zero, as a cosine does, has fewer of them than this share. */
const LASTING = 0.15;

/** A level is there to be seen if it takes this share of a training. */
const LEVEL = 0.02;

/** Logarithmic where all values are positive, and some of the low ones last. */
function scaleFor(drawn: readonly Drawn[]): 'linear' | 'log' {
  const rates = drawn.map(({ traced }) => traced.rates);
  const greatest = Math.max(...rates.map((values) => values.reduce((a, b) => Math.max(a, b), 0)));
  const positive = rates.every((values) => values.every((value) => value > 0));
  return positive && rates.some((values) => lastsBelow(values, greatest * LOW)) ? 'log' : 'linear';
}

function lastsBelow(values: Float64Array, bound: number): boolean {
  let low = 0;
  let level = 0;
  for (const [i, value] of values.entries()) {
    level = value === values[i - 1] ? level + 1 : 1;
    if (value < bound) low += 1;
    if (value < bound && level > 1 && level >= LEVEL * values.length) return true;
  }
  return low >= LASTING * values.length;
}

function missingWords(values: Float64Array, scale: 'linear' | 'log'): readonly string[] {
  const infinite = values.reduce((n, value) => n + (Number.isFinite(value) ? 0 : 1), 0);
  const zero = scale === 'log' ? values.reduce((n, value) => n + (value <= 0 ? 1 : 0), 0) : 0;
  return [
    ...(infinite > 0
      ? [`not drawn: ${plural(infinite, 'step')} whose learning rate is not finite`]
      : []),
    ...(zero > 0 ? [`not drawn: ${plural(zero, 'step')} at 0, which a log axis lacks`] : []),
  ];
}
