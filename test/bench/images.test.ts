// What the grids of the benchmark of sharing train. Needs a build, since the module imports `espalier` by its name.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

import { hasClothes } from '../../bench/sharing/grids/clothes.ts';
import images from '../../bench/sharing/grids/images.ts';
import { rngFor } from '../../src/domain/random.ts';
import { isTrial, type ManagedTrial, type TrialContext } from '../../src/trial/define-trial.ts';
import { openManaged } from '../../src/trial/managed.ts';
import { withRandom } from '../../src/trial/seeded-random.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startBackend } from '../trial/start-backend.ts';

const CLOTHES = '/usr/share/datasets/fashion-mnist';
const GRIDS = fileURLToPath(new URL('../../bench/sharing/grids/', import.meta.url));

beforeAll(() => startBackend('wasm'));

function definitionOf(exported: unknown): ManagedTrial {
  if (!isTrial(exported) || 'open' in exported.definition) throw new Error('it is not managed');
  return exported.definition;
}

function contextOf(folder: string): TrialContext {
  return {
    config: { folder, batch_size: 100 },
    seed: 1,
    epochs: 2,
    files: (path) => GRIDS + path,
    random: (...path) => rngFor(1, ...path),
  };
}

/** The metrics after some epochs. */
async function learn(folder: string, epochs: number): Promise<Readonly<Record<string, number>>> {
  const context = contextOf(folder);
  const definition = definitionOf(images);
  const data = await definition.data(context);
  const trial = await withRandom(rngFor(1, 'build'), () => openManaged(definition, context, data));
  const steps = trial.steps_per_epoch;
  let metrics = {};
  for (let epoch = 0; epoch < epochs; epoch += 1)
    ({ metrics } = await trial.trainEpoch({ epoch, steps, learningRates: () => 0.05 }));
  await trial.close?.();
  return metrics;
}

test('where Fashion-MNIST is not installed it is digits, most of which are told after two epochs', async () => {
  const { train, validation } = await definitionOf(images).data(contextOf('/nowhere'));
  expect(
    [train.xs, train.ys, validation.xs, validation.ys].flat().map(({ shape }) => shape),
  ).toEqual([
    [1437, 14, 14, 1],
    [1437, 10],
    [360, 14, 14, 1],
    [360, 10],
  ]);
  expect(await learn('/nowhere', 2)).toMatchObject({
    val_accuracy: expect.toSatisfy((share: number) => share > 0.5),
  });
});

test('else it is 2,000 clothes and 500 to judge by', async () => {
  const folder = hasClothes(CLOTHES) ? CLOTHES : drawClothes();
  const { train, validation } = await definitionOf(images).data(contextOf(folder));
  expect([train.xs, validation.xs].flat().map(({ shape }) => shape)).toEqual([
    [2000, 14, 14, 1],
    [500, 14, 14, 1],
  ]);
  const [pixels] = [train.xs].flat();
  expect(pixels && (await tf.max(pixels).data())[0]).toBeLessThanOrEqual(1);
  expect(await learn(folder, 2)).toMatchObject({
    val_accuracy: expect.toSatisfy((share: number) => share > 0.5),
  });
});

/** Where there are none: bars at ten heights in the files' own format. */
function drawClothes(): string {
  const folder = temporaryFolder();
  const [count, size] = [2500, 28];
  const pixels = Buffer.alloc(16 + count * size * size);
  const labels = Buffer.alloc(8 + count);
  for (let i = 0; i < count; i += 1) {
    const kind = i % 10;
    labels[8 + i] = kind;
    const from = 16 + (i * size + 2 * kind + 2) * size;
    pixels.fill(255 - (i % 64), from, from + 3 * size);
  }
  writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(pixels));
  writeFileSync(join(folder, 'train-labels-idx1-ubyte.gz'), gzipSync(labels));
  return folder;
}
