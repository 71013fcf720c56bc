// Charts in the terminal, compared with frames that were looked at and kept in `frames/`, character by character.
// `vitest run test/chart -u` writes them anew; look at every difference before keeping it.

import { expect, test } from 'vitest';
import type { Chart, Point } from '../../src/chart/chart.ts';
import { drawLines } from '../../src/chart/draw-lines.ts';
import { chartOf, FINDER, STEPS, triangles } from './samples.ts';

const CUTS = [5, 10, 15].map((x) => ({ x, label: 'cut', series: 0 }));
const CYCLES = [
  { x: 4, label: 'peak', sign: '▴', series: 1 },
  { x: 8, label: 'cycle', sign: '↻', series: 1 },
];

const BOTH = chartOf({
  series: [
    { label: 'step', points: STEPS, held: true },
    { label: 'cyclic triangular2', points: triangles() },
  ],
  marks: [...CUTS, ...CYCLES],
});

const FRAMES: readonly (readonly [name: string, chart: Chart])[] = [
  [
    'cyclic-80x24',
    chartOf({
      series: [{ label: 'cyclic triangular2', points: triangles() }],
      marks: CYCLES.map(({ x, label, sign }) => ({ x, label, sign })),
    }),
  ],
  ['step-80x24', chartOf({ series: [{ label: 'step', points: STEPS, held: true }], marks: CUTS })],
  ['both-80x24', BOTH],
  ['both-40x14', { ...BOTH, width: 40, height: 14 }],
  ['finder-80x16', FINDER],
];

test.each(FRAMES)('%s', async (name, chart) => {
  const frame = drawLines({ ...chart, color: false });
  expect(frame.length).toBe(chart.height);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(chart.width);
  await expect(`${frame.join('\n')}\n`).toMatchFileSnapshot(`frames/${name}.txt`);
});

const BRAILLE = /[\u2801-\u28ff]/u;

function curveOf(points: Iterable<Point>, more: Partial<Chart> = {}): readonly string[] {
  const series = [{ label: '', points, held: true }];
  return drawLines({ ...chartOf({ height: 12, series, ...more }), color: false });
}

test('a cut is upright: between its levels there is one column of dots', () => {
  const frame = curveOf([
    [0, 1],
    [10, 0.5],
    [20, 0.5],
  ]);
  const between = frame
    .slice(2, 5)
    .map((line) => Array.from(line).filter((sign) => BRAILLE.test(sign)));
  for (const signs of between) expect(signs).toHaveLength(1);
});

test('a tick stands in the row and the column of its value', () => {
  const frame = curveOf([
    [0, 0],
    [5, 1],
    [20, 1],
  ]);
  const labelled = frame.filter((line) => line.startsWith('  1 ┤') || line.startsWith('1 ┤'));
  expect(labelled).toHaveLength(1);
  expect(Array.from(labelled[0] ?? '').findIndex((sign) => BRAILLE.test(sign))).toBe(
    Array.from(frame.find((line) => line.includes('└')) ?? '').findIndex(
      (sign, i, all) => sign === '┬' && all.slice(0, i).includes('┬'),
    ),
  );
});

function spread(least: number): readonly Point[] {
  return [
    [0, 1],
    [1, least],
  ];
}

function heading(points: readonly Point[], scale?: 'linear' | 'log'): string | undefined {
  return curveOf(points, {
    yAxis: { label: 'rate', ...(scale === undefined ? {} : { scale }) },
  })[0];
}

function* spike(): Generator<Point, void> {
  for (let i = 0; i < 1_000_000; i += 1) yield [i, i === 700_000 ? 10 : 1];
}

test('a logarithmic axis is taken where a positive curve spans more than a factor of 30, or when it is asked for', () => {
  expect(heading(spread(1 / 31))).toBe('rate (log)');
  expect(heading(spread(1 / 29))).toBe('rate');
  expect(heading(spread(0))).toBe('rate');
  expect(heading(spread(1 / 31), 'linear')).toBe('rate');
  expect(heading(spread(0.5), 'log')).toBe('rate (log)');
});

test('on a logarithmic axis equal factors are equally far apart', () => {
  const frame = curveOf(
    [
      [0, 1],
      [1, 0.1],
      [2, 0.01],
      [3, 0.01],
    ],
    { height: 24 },
  );
  const rows = ['1', '0.1', '0.01'].map((label) =>
    frame.findIndex((line) => line.trimStart().startsWith(`${label} ┤`)),
  );
  const [top = 0, middle = 0, bottom = 0] = rows;
  expect(Math.abs(bottom - middle - (middle - top))).toBeLessThanOrEqual(1);
});

test('a spike of one step in a million reaches its height', () => {
  const frame = curveOf({ [Symbol.iterator]: spike });
  expect(frame[1]).toMatch(/^10 ┤.*[\u2801-\u28ff]/u);
});

test('curves differ in colour where colours are allowed, and by their letters anywhere', () => {
  const coloured = drawLines({ ...BOTH, color: true }).join('\n');
  const plain = drawLines({ ...BOTH, color: false }).join('\n');
  // oxlint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain);
  expect(coloured).toContain('\u001B[36m━a━');
  expect(coloured).toContain('\u001B[33m━b━');
  expect(plain).not.toContain('\u001B');
  for (const letter of ['a', 'b'])
    expect(
      drawLines({ ...BOTH, marks: [], color: false }).filter((line) => line.includes(letter))
        .length,
    ).toBeGreaterThan(2);
});

test('nothing of a label reaches the terminal but plain text', () => {
  const label = 'a\u001B[31mb\nc\u0007\u009Bd\u202Ee';
  const frame = drawLines({
    ...BOTH,
    series: BOTH.series.map((one) => ({ ...one, label })),
    marks: [{ x: 1, label, sign: '\u001B' }],
    xAxis: { label },
    yAxis: { label },
    color: false,
  });
  expect(frame).toHaveLength(24);
  // oxlint-disable-next-line no-control-regex
  expect(frame.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/u);
});

test('wide characters are counted as two cells', () => {
  const series = [{ label: '学習率'.repeat(10), points: STEPS }];
  expect(drawLines({ ...chartOf({ series, width: 20 }), color: false })[1]).toBe(
    '━━ 学習率学習率学習…',
  );
});

test('what is empty, constant or not finite is drawn nonetheless', () => {
  for (const points of [
    [],
    [[0, 0]],
    [
      [3, 0.1],
      [4, 0.1],
    ],
    [[0, Number.NaN]],
    [
      [0, -1],
      [1, 1e300],
    ],
  ] as Point[][]) {
    for (const scale of ['linear', 'log'] as const)
      expect(curveOf(points, { yAxis: { label: 'y', scale } })).toHaveLength(12);
  }
});

test('too small a frame is drawn at the least size, with as much of the legend as fits', () => {
  const series = Array.from({ length: 9 }, (_, i) => ({ label: `curve ${i}`, points: STEPS }));
  const frame = drawLines({ ...chartOf({ series, width: 1, height: 14 }), color: false });
  expect(frame).toHaveLength(14);
  expect(frame).toContain('    … and 3 more');
  expect(Math.max(...frame.map((line) => line.length))).toBeLessThanOrEqual(20);
});

test('marks of more than three curves stand in one row', () => {
  const series = [1, 2, 3, 4].map((i) => ({ label: `curve ${i}`, points: STEPS, held: true }));
  const marks = series.map((_, i) => ({ x: 2 + 4 * i, label: 'cut', series: i }));
  const frame = drawLines({ ...chartOf({ series, marks }), color: false });
  expect(frame.filter((line) => line.includes('▾'))).toEqual([
    expect.stringContaining('▾ cut'),
    expect.stringMatching(/^ +▾ +▾ +▾ +▾$/),
  ]);
});

test('a series keeps its letter and its colour in another chart by its key', () => {
  const series = [
    { label: 'x', points: STEPS, key: 2 },
    { label: 'y', points: STEPS, key: 4 },
  ];
  const frame = drawLines({ ...chartOf({ series }), color: false });
  expect(frame.slice(1, 3)).toEqual(['━c━ x', '━e━ y']);
});

test.each([1e-320, 5e-324, 1.7e308, -1.7e308])(
  'a value of %f is drawn without end or NaN',
  (value) => {
    const points: [number, number][] = [
      [0, value],
      [1, value],
    ];
    const frame = drawLines({ ...chartOf({ series: [{ label: 'x', points }] }), color: false });
    expect(frame.join('\n')).not.toContain('NaN');
  },
);
