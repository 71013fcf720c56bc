// What `espalier lr plot` does: finds out what to draw, traces it, and prints it.

import { readFileSync, writeFileSync } from 'node:fs';
import { drawLines } from '../../../chart/draw-lines.ts';
import { toSvg } from '../../../chart/to-svg.ts';
import { EspalierError } from '../../../domain/errors.ts';
import { toPlainLine } from '../../../domain/plain-text.ts';
import type { Metrics } from '../../../domain/objective.ts';
import { canColour } from '../../can-draw.ts';
import { note, print, printExactly } from '../../output.ts';
import { plural } from '../../plan/words.ts';
import { findTrial, withResults } from '../../with-results.ts';
import type { PlotOptions } from '../plot.ts';
import { MOST_STEPS, traceStrategy } from '../trace-strategy.ts';
import {
  isStrategyText,
  parseCandidates,
  sweepCandidates,
  trialCandidate,
  type Candidate,
} from './candidate.ts';
import { choose, MOST_CURVES } from './choose.ts';
import { chartHeights } from './heights.ts';
import { monitorOf, tellRecorded, tellSynthetic, type Recorded } from './metrics-source.ts';
import { readMetrics } from './metrics-text.ts';
import { toPage, type Drawn, type Page, type Sizeless } from './page.ts';

const EPOCHS = 20;
const STEPS_PER_EPOCH = 100;
const SVG = { width: 800, height: 420 } as const;

/** Draws. @throws EspalierError `usage`, `invalid` or `not-found` for what cannot be drawn, `storage` if the file cannot be written */
export async function runPlot(what: readonly string[], options: PlotOptions): Promise<void> {
  const scene = await readScene(what, options);
  const { chosen, left } = choose(scene.candidates, options.only);
  const recorded = await readRecorded(options);
  const drawn = chosen.map((candidate) => draw(candidate, scene.stepsPerEpoch, recorded));
  if (recorded !== undefined && drawn.every(({ told }) => told === undefined))
    throw new EspalierError('usage', `${recorded.from}: none of what is drawn follows a metric`);
  const page = toPage(drawn, { ...options, stepsPerEpoch: scene.stepsPerEpoch });
  const words = [scene.words, ...page.words, ...leftWords(left)].map(toPlainLine);
  if (options.svg === undefined) printFrames(page, words, options);
  else writeSvg(options.svg, page, words, options);
}

/** What there is to draw, and in which training. */
type Scene = {
  readonly candidates: readonly Candidate[];
  readonly stepsPerEpoch: number;
  readonly words: string;
};

async function readScene(what: readonly string[], options: PlotOptions): Promise<Scene> {
  const [file, ...others] = what;
  if (what.every(isStrategyText)) {
    if (options.trial !== undefined)
      throw new EspalierError('usage', '--trial chooses from a sweep file; none was given');
    const epochs = options.epochs ?? EPOCHS;
    const candidates = what.flatMap((text) => parseCandidates(text, epochs));
    return withWords(candidates, options.stepsPerEpoch);
  }
  if (file === undefined || others.length > 0)
    throw new EspalierError(
      'usage',
      `received ${what.map((text) => JSON.stringify(text)).join(' ')}; it must be strategies, each in braces, or one sweep file`,
    );
  const { readSweepFile } = await import('../../../submission/prepare-submission.ts');
  const { spec } = readSweepFile(file);
  const trials = options.trial?.map((number) => trialCandidate(spec, number));
  const candidates = (trials ?? sweepCandidates(spec)).map((one) => ({
    ...one,
    epochs: options.epochs ?? one.epochs,
  }));
  return withWords(candidates, options.stepsPerEpoch ?? spec.steps_per_epoch);
}

function withWords(candidates: readonly Candidate[], known: number | undefined): Scene {
  const stepsPerEpoch = known ?? STEPS_PER_EPOCH;
  const lengths = [...new Set(candidates.map(({ epochs }) => epochs))].toSorted((a, b) => a - b);
  const epochs = Math.max(...lengths);
  if (epochs * stepsPerEpoch > MOST_STEPS)
    throw new EspalierError(
      'usage',
      `--steps-per-epoch: received ${stepsPerEpoch} for ${epochs} epochs; together they must be at most ${MOST_STEPS} steps`,
    );
  const supposed = known === undefined ? ' (supposed; --steps-per-epoch says how many)' : '';
  const count = lengths.length > 1 ? `${lengths.join(', ')} epochs` : plural(epochs, 'epoch');
  return {
    candidates,
    stepsPerEpoch,
    words: `${count} of ${plural(stepsPerEpoch, 'step')}${supposed}`,
  };
}

async function readRecorded(options: PlotOptions): Promise<Recorded | undefined> {
  const { metrics: path, trialMetrics } = options;
  if (path !== undefined) return readMetricsFile(path);
  if (trialMetrics === undefined) return undefined;
  return withResults(options, (results) => {
    const { trial_id: id } = findTrial(results, trialMetrics);
    const rows = results.epochs(id);
    if (rows.length === 0)
      throw new EspalierError('not-found', `--trial-metrics: ${id} has not recorded an epoch yet`);
    const epochs = rows.map(({ metrics }) => metrics);
    return { metrics: { kind: 'named', epochs }, from: `the record of ${id}` };
  });
}

function readMetricsFile(path: string): Recorded {
  const metrics = readMetrics(readText(path));
  if (metrics.kind === 'wrong')
    throw new EspalierError('invalid', `--metrics ${path}: ${metrics.problem}`);
  return { metrics, from: path };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EspalierError('not-found', `--metrics: cannot read ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function draw(candidate: Candidate, stepsPerEpoch: number, recorded: Recorded | undefined): Drawn {
  const { spec, epochs } = candidate;
  const monitor = monitorOf(spec);
  const trace = (metrics: readonly Metrics[]): Drawn['traced'] =>
    traceStrategy({ strategy: spec, epochs, stepsPerEpoch, metrics });
  if (monitor === undefined) return { candidate, traced: trace([]) };
  const told =
    recorded === undefined
      ? tellSynthetic(spec, monitor, { epochs, stepsPerEpoch })
      : tellRecorded(recorded, monitor, epochs);
  if (!told.ok) throw new EspalierError('invalid', told.problem);
  return { candidate, traced: trace(told.epochs), told: told.words };
}

function leftWords(left: number): readonly string[] {
  if (left === 0) return [];
  return [
    `the first ${MOST_CURVES}; ${left} more ${left === 1 ? 'is' : 'are'} left out: --trial N or --only STRATEGY chooses`,
  ];
}

function printFrames(page: Page, words: readonly string[], options: PlotOptions): void {
  const width = options.width ?? process.stdout.columns ?? 80;
  const rows = (process.stdout.rows ?? 24) - 1;
  const heights = chartHeights(page.charts, options.height ?? rows - words.length);
  const color = canColour(process.stdout, process.env);
  // Labels are made safe by the chart; the colours are its own.
  for (const [i, chart] of page.charts.entries())
    for (const line of drawLines({ ...chart, width, height: heights[i] ?? 8, color }))
      printExactly(line);
  for (const line of words) print(line);
}

function writeSvg(path: string, page: Page, words: readonly string[], options: PlotOptions): void {
  const { width = SVG.width, height = SVG.height } = options;
  const charts = page.charts.map((chart: Sizeless, i) => ({
    ...chart,
    width,
    height: i === 0 ? height : Math.round(height / 2),
  }));
  const names = page.charts[0]?.series.map(({ label }) => label) ?? [];
  const svg = toSvg(charts, {
    title: `Learning rate of ${names.join('; ')}`,
    description: words.join('. '),
  });
  for (const line of words) note(line);
  if (path === '-') return void process.stdout.write(svg);
  try {
    writeFileSync(path, svg);
  } catch (error) {
    throw new EspalierError('storage', `--svg: cannot write ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  note(`written to ${path}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
