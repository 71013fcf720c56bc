// One grid, trained with sharing and without, and all that must be true of the two.

import { fileURLToPath } from 'node:url';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import type { Results } from '../../src/results/open-results.ts';
import { readSweepFile } from '../../src/submission/prepare-submission.ts';
import { runEspalier } from './espalier-run.ts';
import { type Pauses, readPauses } from './pauses.ts';
import { type Recording, readRecording } from './recording.ts';

/** The sweep files beside this one, by name. */
export const GRIDS = ['plateau', 'multistep', 'step', 'mixed'] as const;

/** CPU slots: trials compute on one core each, so this is what keeps two cores busy. */
export const SLOTS = 2;

export type GridName = (typeof GRIDS)[number];

/** A run of a grid. */
export type Run = {
  readonly seconds: number;
  readonly recording: Recording;
  readonly pauses: Pauses;
};

/** Both runs of a grid. */
export type GridRun = {
  readonly name: string;
  readonly spec: SweepSpec;
  readonly trials: number;
  readonly on: Run;
  readonly off: Run;
};

/** Where a grid's sweep file is: in the sources, also if this is running from `dist`. */
export function toPath(name: GridName): string {
  const fromDist = new URL(`../../../bench/sharing/grids/${name}.yaml`, import.meta.url);
  return fileURLToPath(fromDist);
}

/** Trains a grid with sharing, then without. `print` takes lines about how far it is. */
export async function runGrid(
  name: GridName,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<GridRun> {
  const file = toPath(name);
  const { spec, trials } = readSweepFile(file);
  const run = (sharing: 'on' | 'off'): Promise<Run> => runOnce(file, sharing, print, signal);
  const on = await run('on');
  const off = await run('off');
  return { name, spec, trials, on, off };
}

async function runOnce(
  file: string,
  sharing: 'on' | 'off',
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Run> {
  const onLine = (line: string): void => {
    const [progress] = /^\d+ %: [^(]*/.exec(line) ?? [];
    if (progress !== undefined) print(`sharing ${sharing}, ${progress.trim()}`);
  };
  const { seconds, recorded } = await runEspalier(
    file,
    { sharing, slots: SLOTS, onLine, signal },
    (results: Results) => ({ recording: readRecording(results), pauses: readPauses(results) }),
  );
  print(`sharing ${sharing}: ${recorded.recording.trained} epochs in ${seconds.toFixed(1)} s`);
  return { seconds, ...recorded };
}
