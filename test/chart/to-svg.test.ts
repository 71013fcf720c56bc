// Charts as SVG.

import { expect, test } from 'vitest';
import type { Chart, Point } from '../../src/chart/chart.ts';
import { toSvg } from '../../src/chart/to-svg.ts';
import { elementsOf, type Element } from './elements-of.ts';
import { chartOf, FINDER, STEPS, triangles } from './samples.ts';

const SIZE = { width: 800, height: 420 } as const;
const TEXT = { title: 'Rates', description: 'Two curves.' } as const;

const BOTH = chartOf({
  ...SIZE,
  series: [
    { label: 'step', points: STEPS, held: true },
    { label: 'cyclic', points: triangles() },
  ],
  marks: [{ x: 5, label: 'cut', series: 0 }],
});

function draw(...charts: readonly Chart[]): readonly Element[] {
  return elementsOf(toSvg(charts, TEXT));
}

/** The paths of the curves, without those of the legend. */
function curvesOf(elements: readonly Element[]): readonly Readonly<Record<string, string>>[] {
  return elements
    .filter(({ name, attributes }) => name === 'path' && attributes['d']?.startsWith('M64'))
    .map(({ attributes }) => attributes)
    .filter((attributes) => attributes['class'] !== undefined);
}

/** Whether the end of the horizontal axis has its label. */
function isLabelled(to: number): boolean {
  return draw({ ...BOTH, xAxis: { label: '', from: 0, to } }).some(
    ({ text }) => text === String(to),
  );
}

/** A million values that move a little, with one high above them. */
function* spike(): Generator<Point, void> {
  for (let i = 0; i < 1_000_000; i += 1) yield [i, i === 700_000 ? 10 : 1 + (i % 7) / 10];
}

test('a document stands alone, with a title and a description', () => {
  const elements = draw(BOTH);
  expect(elements.at(-1)).toMatchObject({
    name: 'svg',
    attributes: {
      xmlns: 'http://www.w3.org/2000/svg',
      width: '800',
      height: '420',
      role: 'img',
      'aria-labelledby': 'title desc',
    },
  });
  expect(elements.slice(0, 2).map(({ name, text }) => [name, text])).toEqual([
    ['title', 'Rates'],
    ['desc', 'Two curves.'],
  ]);
  expect(toSvg([BOTH], TEXT)).not.toMatch(/href|url\(|<script|@import/);
});

test('labels are escaped, and what XML lacks is left out', () => {
  const label = `<b>&"'\u0000\u001B[31m\uFFFE]]>`;
  const chart = chartOf({
    ...SIZE,
    series: [{ label, points: STEPS }],
    marks: [{ x: 5, label, sign: '<' }],
    xAxis: { label },
    yAxis: { label },
  });
  const elements = elementsOf(toSvg([chart], { title: label, description: label }));
  expect(elements.filter(({ text }) => text.includes(`<b>&"'[31m]]>`)).length).toBe(7);
});

test('a step is upright and its levels are level', () => {
  const [step] = curvesOf(draw({ ...BOTH, xAxis: { label: '', from: 0, to: 20 } }));
  const points = [...(step?.['d'] ?? '').matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  expect(points.length).toBe(8);
  for (const [i, [x, y]] of points.entries()) {
    const before = points[i - 1];
    if (before !== undefined) expect(x === before[0] || y === before[1]).toBe(true);
  }
});

test('curves differ in colour and in dashes, on light and on dark pages', () => {
  const [first, second] = curvesOf(draw(BOTH));
  expect([first?.['class'], second?.['class']]).toEqual(['curve s0', 'curve s1']);
  expect([first?.['stroke-dasharray'], second?.['stroke-dasharray']]).toEqual([undefined, '7 4']);
  const style = draw(BOTH).find(({ name }) => name === 'style')?.text ?? '';
  expect(style.match(/\.s0\{stroke:#\w{6}\}/g)).toHaveLength(2);
  expect(style).toContain('@media (prefers-color-scheme:dark)');
});

test('a curve of a million points is small and keeps its spike', () => {
  const series = [{ label: '', points: { [Symbol.iterator]: spike } }];
  const svg = toSvg([chartOf({ ...SIZE, series })], TEXT);
  expect(svg.length).toBeLessThan(60_000);
  const heights = [...(curvesOf(elementsOf(svg))[0]?.['d'] ?? '').matchAll(/ ([\d.]+)/g)].map(
    ([, y]) => Number(y),
  );
  const [highest = 0, next = 0] = [...new Set(heights)].toSorted((a, b) => a - b);
  expect(next - highest).toBeGreaterThan(100);
});

test('a mark is a line with words', () => {
  const titles = draw(BOTH).filter(({ name }) => name === 'title');
  expect(titles.map(({ text }) => text)).toContain('cut at 5');
});

test('charts stand one below the other', () => {
  const elements = draw(BOTH, { ...FINDER, width: 800, height: 210 });
  expect(elements.at(-1)?.attributes).toMatchObject({ width: '800', height: '630' });
  expect(elements.filter(({ text }) => text === 'learning rate (log)')).toHaveLength(1);
  expect(elements.find(({ text }) => text === 'loss · ▾ suggested')?.attributes['y']).toBe('438');
});

test('a long name is cut in the legend and whole in the curve', () => {
  const label = 'long '.repeat(100).trim();
  const elements = draw(chartOf({ ...SIZE, series: [{ label, points: STEPS }] }));
  const texts = elements.filter(({ text }) => text.startsWith('long long'));
  expect(texts.map(({ name, text }) => [name, text.length])).toEqual([
    ['text', 106],
    ['title', 499],
  ]);
});

test('marks of several curves at one place have a row each', () => {
  const marks = [0, 1].map((series) => ({ x: 5, label: 'cut', series }));
  const signs = draw({ ...BOTH, marks }).filter(({ text }) => text === '▾');
  const heights = signs.map(({ attributes }) => Number(attributes['y']));
  expect(heights[1]).toBe((heights[0] ?? 0) + 14);
});

test('the ends of an axis are labelled where there is room', () => {
  expect([20, 20.5, 24.3].map(isLabelled)).toEqual([true, false, true]);
});
