// A page in the terminal or as an SVG. Promise: on standard output there is nothing but what was asked for.

import { writeFileSync } from 'node:fs';
import { drawLines } from '../../../chart/draw-lines.ts';
import { toSvg } from '../../../chart/to-svg.ts';
import { EspalierError, reasonOf } from '../../../domain/errors.ts';
import { canColour } from '../../can-draw.ts';
import { note, print, printExactly } from '../../output.ts';
import type { PlotOptions } from '../plot.ts';
import type { Page } from './page.ts';

/** Pixels of a learning-rate chart; momentum takes half of its height below. */
const SVG = { width: 800, height: 420 } as const;

/** Rows below which a chart says nothing, and the share of the rows that the first of two charts has. */
const LEAST_ROWS = 8;
const FIRST = 0.6;

type Size = Pick<PlotOptions, 'width' | 'height'>;

/** Prints charts and words, as large as the terminal is unless a size is given. */
export function printFrames(page: Page, words: readonly string[], options: Size): void {
  const width = options.width ?? process.stdout.columns ?? 80;
  const rows = (process.stdout.rows ?? 24) - 1;
  const heights = chartHeights(page.charts, options.height ?? rows - words.length);
  const color = canColour(process.stdout, process.env);
  // Labels are made safe by the chart; the colours are its own.
  for (const [i, chart] of page.charts.entries())
    for (const line of drawLines({ ...chart, width, height: heights[i] ?? LEAST_ROWS, color }))
      printExactly(line);
  for (const line of words) print(line);
}

/** Rows of each of one or two charts: together no more than asked for, unless that is too little to see anything. */
function chartHeights(charts: readonly unknown[], rows: number): readonly number[] {
  if (charts.length < 2) return [Math.max(LEAST_ROWS, rows)];
  const first = Math.max(LEAST_ROWS, Math.round(rows * FIRST));
  return [first, ...charts.slice(1).map(() => Math.max(LEAST_ROWS, rows - first))];
}

/** Writes an SVG to a file, `-` being standard output. @throws EspalierError `storage` if it cannot be written */
export function writeSvg(path: string, page: Page, words: readonly string[], options: Size): void {
  const { width = SVG.width, height = SVG.height } = options;
  const charts = page.charts.map((chart, i) => ({
    ...chart,
    width,
    height: i === 0 ? height : Math.round(height / 2),
  }));
  const names = page.charts[0]?.series.map(({ label }) => label) ?? [];
  const svg = toSvg(charts, {
    title: `Learning rate of ${names.join('; ')}`,
    description: words.join('. '),
  });
  if (path === '-') process.stdout.write(svg);
  else writeText(path, svg);
  for (const line of words) note(line);
  if (path !== '-') note(`written to ${path}`);
}

function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new EspalierError('storage', `--svg: cannot write ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
