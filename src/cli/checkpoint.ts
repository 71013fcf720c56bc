// `espalier checkpoint`: copies a checkpoint that is held into a folder.
// Promise: the folder is new or empty, and holds what the manifest says, every byte of it, or is not made.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { plural } from '../dashboard/frame/number.ts';
import { isInnerPath, isSha256, type SizedFile } from '../domain/names.ts';
import type { Results, TrialRow } from '../results/open-results.ts';
import type { CheckpointRow } from '../results/trial-path.ts';
import { statePaths } from '../storage/state-folder.ts';
import { jsonOption, stateOption, wholeNumber, withExample, type StateOption } from './options.ts';
import { print, printJson } from './output.ts';
import { findSweep, findTrial, withResults } from './with-results.ts';

type Options = StateOption & { readonly json?: true; readonly epoch?: number };

/** Adds the command. */
export function addCheckpointCommand(program: Command): void {
  const command = program
    .command('checkpoint')
    .description('copy a checkpoint into a folder: the model of a trial, or of the best one')
    .argument('<sweep-or-trial>', 'such as digits, for its best trial, or digits/7')
    .argument('<folder>', 'a new or empty folder')
    .addOption(
      new Option(
        '--epoch <n>',
        'the checkpoint with so many epochs behind it (default: that of the result, or else the latest)',
      ).argParser(wholeNumber(0)),
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier checkpoint digits ./best-model');
}

async function run(target: string, folder: string, options: Options): Promise<void> {
  await withResults(options, (results) => {
    const trial = target.includes('/') ? findTrial(results, target) : findBest(results, target);
    const checkpoint = choose(results, trial, options.epoch);
    const files = results.manifest(checkpoint);
    copyAll(files, statePaths(options.state).blobs, resolve(folder));
    const { stage_id, epoch, checkpoint_id, size_bytes } = checkpoint;
    const { trial_id } = trial;
    if (options.json)
      return printJson({ trial_id, stage_id, epoch, checkpoint_id, size_bytes, files });
    print(
      `${trial_id} after ${plural(epoch, 'epoch')}: ${plural(files.length, 'file')} in ${folder}`,
    );
    if (files.some(({ path }) => path === 'model.json'))
      print('model.json and weights.bin are a layers model that TensorFlow.js loads');
  });
}

function findBest(results: Results, sweepId: string): TrialRow {
  findSweep(results, sweepId);
  const [best] = results.leaderboard(sweepId);
  if (best === undefined)
    throw new EspalierError('not-found', `${sweepId}: no trial has completed yet; name one`);
  return findTrial(results, best.trial_id);
}

function choose(results: Results, trial: TrialRow, epoch: number | undefined): CheckpointRow {
  const held = results.path(trial).checkpoints.filter(({ stored }) => stored);
  const isByLast = results.sweep(trial.sweep_id)?.at === 'last' || trial.best_epoch === null;
  const wanted = epoch ?? (isByLast ? trial.epochs_done : trial.best_epoch + 1);
  const found =
    held.find((checkpoint) => checkpoint.epoch === wanted) ??
    (epoch === undefined ? held.at(-1) : undefined);
  if (found !== undefined) return found;
  const there =
    held.length === 0
      ? 'the coordinator holds none of it: `keep` in the sweep file says what is kept'
      : `there are those after ${held.map((checkpoint) => checkpoint.epoch).join(', ')} epochs`;
  throw new EspalierError('not-found', `${trial.trial_id} has no such checkpoint: ${there}`);
}

function copyAll(files: readonly SizedFile[], blobs: string, folder: string): void {
  const partial = `${folder}.partial-${process.pid}`;
  assertFree(folder);
  try {
    for (const file of files) copy(file, blobs, partial);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function copy({ path, sha256 }: SizedFile, blobs: string, folder: string): void {
  if (!isInnerPath(path) || !isSha256(sha256))
    throw new EspalierError('storage', 'the manifest of the checkpoint is damaged');
  const bytes = readBlob(join(blobs, sha256));
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new EspalierError('storage', `${path} of the checkpoint is damaged`);
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, bytes);
}

function readBlob(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new EspalierError('storage', `a file of the checkpoint is missing: ${path}`, {
      cause: error,
    });
  }
}

function assertFree(folder: string): void {
  try {
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw new EspalierError('usage', `${folder} is not a folder that can be written`, {
      cause: error,
    });
  }
  throw new EspalierError('usage', `${folder} is not empty: name a new folder`);
}
