// `espalier checkpoint` as a user types it.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { openResults } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import { espalier } from '../support/processes.ts';

const KEPT = join(import.meta.dirname, 'fixtures/kept.yaml');

test('copies the model that the sweep keeps, which TensorFlow.js loads, and never half of it', async () => {
  const state = temporaryFolder();
  expect(await espalier(['run', KEPT, '--state', state]).ended).toBe(0);
  const folder = join(temporaryFolder(), 'best');
  expect(await copy(state, 'kept', folder)).toEqual([
    0,
    expect.stringMatching(/^kept\/1 after \d epochs?: 4 files in /),
  ]);
  expect(readdirSync(folder)).toContain('weights.bin');
  const model = await tf.loadLayersModel(tf.io.fromMemory(readModel(folder)));
  expect(model.countParams()).toBeGreaterThan(0);
  model.dispose();

  expect(await copy(state, 'kept', folder)).toEqual([2, expect.stringContaining('is not empty')]);
  const empty = temporaryFolder();
  expect((await copy(state, 'kept/1', empty))[0]).toBe(0);
  expect(await copy(state, 'kept/1', join(empty, 'x'), '--epoch', '9')).toEqual([
    4,
    expect.stringMatching(/no such checkpoint: there are those after \d epochs/),
  ]);

  damage(state);
  const damaged = join(temporaryFolder(), 'damaged');
  expect(await copy(state, 'kept', damaged)).toEqual([7, expect.stringContaining('is damaged')]);
  expect(existsSync(damaged)).toBe(false);
}, 60_000);

test('says what is kept where nothing is', async () => {
  const state = temporaryFolder();
  mkdirSync(state, { recursive: true });
  const file = join(state, 'none.yaml');
  const text = readFileSync(KEPT, 'utf8').replace('./forks.ts', join(KEPT, '../forks.ts'));
  writeFileSync(file, `${text}keep: none\n`);
  expect(await espalier(['run', file, '--state', state]).ended).toBe(0);
  expect(await copy(state, 'kept', join(state, 'best'))).toEqual([
    4,
    expect.stringContaining('the coordinator holds none of it: `keep`'),
  ]);
  const results = openResults(statePaths(state).database);
  expect(results.query('SELECT count(*) FROM checkpoints').rows).toEqual([[0]]);
  results.close();
}, 60_000);

async function copy(
  state: string,
  target: string,
  folder: string,
  ...more: readonly string[]
): Promise<readonly [number | NodeJS.Signals, string]> {
  const run = espalier(['checkpoint', target, folder, '--state', state, ...more]);
  return [await run.ended, run.output().replace(/^espalier: /, '')];
}

function readModel(folder: string): tf.io.ModelArtifacts {
  const model: {
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  return {
    modelTopology: model.modelTopology,
    weightSpecs: model.weightsManifest.flatMap(({ weights }) => weights),
    weightData: Uint8Array.from(readFileSync(join(folder, 'weights.bin'))).buffer,
  };
}

function damage(state: string): void {
  const results = openResults(statePaths(state).database);
  const [row] = results.query('SELECT files_json FROM checkpoints').rows;
  results.close();
  const [file]: { sha256: string }[] = JSON.parse(String(row?.[0]));
  writeFileSync(join(statePaths(state).blobs, file?.sha256 ?? ''), 'something else');
}
