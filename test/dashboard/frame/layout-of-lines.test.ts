// Tables, bars and stacks: what gives way where there is too little room.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparkline, stackedBar, type Part } from '../../../src/dashboard/frame/bar.ts';
import { lineWidth, span, toAnsi } from '../../../src/dashboard/frame/line.ts';
import { rangePlot } from '../../../src/dashboard/frame/range-plot.ts';
import { stack, type Block } from '../../../src/dashboard/frame/stack.ts';
import {
  fitColumns,
  headingOf,
  LUXURY,
  rowOf,
  type Column,
} from '../../../src/dashboard/frame/table.ts';

const SEED = 11;

test('a bar shares its width in proportion', () => {
  const parts: readonly Part[] = [
    { size: 50, fill: '#', tone: 'good' },
    { size: 25, fill: '+', tone: 'live' },
    { size: 25, fill: '.', tone: 'dim' },
  ];
  expect(toAnsi(stackedBar(parts, 8), 'none')).toBe('####++..');
});

test('a part that is not zero shows, however small', () => {
  const parts: readonly Part[] = [
    { size: 1, fill: 'a', tone: 'good' },
    { size: 100_000, fill: 'b', tone: 'live' },
    { size: 1, fill: 'c', tone: 'dim' },
  ];
  expect(toAnsi(stackedBar(parts, 6), 'none')).toBe('abbbbc');
});

test(`a bar is as wide as asked for, and parts of nothing are not there (seed ${SEED})`, () => {
  const sizes = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.nat({ max: 60 }), (all, width) => {
      const parts = all.map((size): Part => ({ size, fill: '#', tone: 'good' }));
      const bar = stackedBar(parts, width);
      expect(lineWidth(bar)).toBe(width);
      if (all.every((size) => size === 0)) return;
      for (const [index, size] of all.entries()) if (size === 0) expect(bar[index]?.text).toBe('');
    }),
    { seed: SEED },
  );
});

test('a sparkline shows the last values between their least and greatest', () => {
  expect(sparkline([9, 0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([5, 5, 5], 8)).toBe('▅▅▅');
  expect(sparkline([1, Number.NaN, 2], 8)).toBe('▁×█');
  expect(sparkline([1, 2], 0)).toBe('');
});

test('in a plot of ranges better is to the left, also where greater is better', () => {
  const ranges = [
    { best: 1, middle: 2, worst: 3 },
    { best: 3, middle: 3, worst: 5 },
  ];
  const draw = rangePlot(ranges, 'min', 5);
  expect(ranges.map((range) => toAnsi(draw(range, 'good'), 'none'))).toEqual(['├●┤  ', '  ●─┤']);
  const most = ranges.map(({ best, middle, worst }) => ({
    best: -best,
    middle: -middle,
    worst: -worst,
  }));
  const turned = rangePlot(most, 'max', 5);
  expect(most.map((range) => toAnsi(turned(range, 'good'), 'none'))).toEqual(['├●┤  ', '  ●─┤']);
});

test('values over more than a decade are plotted on a logarithmic scale', () => {
  const ranges = [0.01, 0.1, 1].map((value) => ({ best: value, middle: value, worst: value }));
  const draw = rangePlot(ranges, 'min', 5);
  expect(ranges.map((range) => toAnsi(draw(range, 'good'), 'none').indexOf('●'))).toEqual([
    0, 2, 4,
  ]);
});

const cell = (text: string): { text: string; tone: 'plain' } => ({ text, tone: 'plain' });
const COLUMNS: readonly Column<string>[] = [
  { title: 'name', width: 4, grow: 1, most: 10, rank: 0, cell },
  { title: 'a', width: 3, rank: 1, align: 'right', cell: () => cell('1') },
  { title: 'b', width: 3, rank: 2, align: 'right', cell: () => cell('2') },
  { title: 'c', width: 5, rank: LUXURY, cell: () => cell('3') },
];

test.each([
  [60, 'name         a   b c    '],
  [24, 'name         a   b c    '],
  [23, 'name         a   b'],
  [13, 'name    a   b'],
  [11, 'name      a'],
  [3, 'name'],
])('in %i columns a table has the columns that fit', (width, heading) => {
  const fitted = fitColumns(COLUMNS, width);
  expect(headingOf(fitted)).toHaveLength(lineWidth(rowOf(fitted, 'x')));
  expect(headingOf(fitted).trimEnd()).toBe(heading.trimEnd());
});

const block = (name: string, count: number, rank: number, fields: Partial<Block> = {}): Block => ({
  lines: Array.from({ length: count }, () => [span(name)]),
  rank,
  least: 2,
  want: 3,
  ...fields,
});

test.each([
  [20, 'aaaabbbbcccc'],
  [9, 'aaabbbccc'],
  [7, 'aaabbcc'],
  [5, 'aaabb'],
  [4, 'aabb'],
  [1, ''],
])('in %i rows blocks have their least, then what they want, then the rest', (rows, shown) => {
  const blocks = [block('a', 4, 0), block('b', 4, 1), block('c', 4, 2)];
  expect(
    stack(blocks, rows)
      .map(([first]) => first?.text)
      .join(''),
  ).toBe(shown);
});

test('a spare block comes after what the others want', () => {
  const blocks = [block('a', 4, 0), block('s', 4, 1, { spare: true }), block('b', 4, 2)];
  const shown = (rows: number): string =>
    stack(blocks, rows)
      .map(([first]) => first?.text)
      .join('');
  expect(shown(7)).toBe('aaaabbb');
  expect(shown(8)).toBe('aaaabbbb');
  expect(shown(9)).toBe('aaaassbbb');
});
