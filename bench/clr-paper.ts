// `npm run bench -- clr-paper [--state FOLDER]`: the shape of table 1 of Smith's "Cyclical learning rates for training neural networks"
// (arXiv:1506.01186) on Fashion-MNIST: trains examples/clr-paper by the real program, or takes the state folder of a run that is over.
// Promise: iterations are counted, not seconds, so that the numbers are the same on a busy machine.

import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { openResults } from '../src/results/open-results.ts';
import { statePaths } from '../src/storage/state-folder.ts';
import { analyse } from './clr-paper/analyse.ts';
import { type Curve, readCurves } from './clr-paper/curves.ts';
import { toReport } from './clr-paper/report.ts';
import { runInterruptible } from './interruptible.ts';
import { print, toProcessors } from './print.ts';
import { runEspalier } from './sharing/espalier-run.ts';

const SWEEP = fileURLToPath(new URL('../../examples/clr-paper/sweep.yaml', import.meta.url));
/** CPU slots: trials compute on one core each. */
const SLOTS = 2;

/** Trains, or reads what was trained, and prints the report: about twelve minutes on two cores. */
export async function benchClrPaper(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { state: { type: 'string' } } });
  const { state } = values;
  if (state === undefined) await runInterruptible(async (signal) => report(await train(signal)));
  else report(readFolder(state));
}

async function train(signal: AbortSignal): Promise<readonly Curve[]> {
  const options = { sharing: 'on', slots: SLOTS, onLine: printProgress, signal } as const;
  return (await runEspalier(SWEEP, options, readCurves)).recorded;
}

function printProgress(line: string): void {
  if (/^\d+ %: /.test(line)) print(line);
}

function readFolder(folder: string): readonly Curve[] {
  const results = openResults(statePaths(folder).database);
  try {
    return readCurves(results);
  } finally {
    results.close();
  }
}

function report(curves: readonly Curve[]): void {
  const seeds = new Set(curves.map(({ seed }) => seed)).size;
  print(
    `${toProcessors()}, Node ${process.versions.node}, tfjs ${tf.version.tfjs}, ` +
      `${curves.length} trials, ${seeds} seeds: medians, and in brackets the least and the greatest`,
  );
  for (const line of toReport(analyse(curves))) print(line);
}
