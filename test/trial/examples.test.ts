// The examples are read as their users' programs are. Needs a build, since they import `espalier` by its name.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

import clrPaper from '../../examples/clr-paper/clr-paper.ts';
import digits from '../../examples/digits/digits.ts';
import fashion from '../../examples/fashion/fashion.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';
import { bundleTrial } from '../../src/trial/bundle.ts';
import {
  isTrial,
  type ManagedTrial,
  type Trial,
  type TrialData,
} from '../../src/trial/define-trial.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { TrialSession } from '../../src/trial/trial-session.ts';
import { startBackend } from './start-backend.ts';
import { toyContext } from './toy-trial.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const CONFIG = { batch_size: 32, filters: 8, dropout: 0.3, optimizer: 'momentum' };

beforeAll(() => startBackend('wasm'));

/** An example imports the built package, whose trials are of another copy. */
function trialOf(exported: unknown): Trial {
  if (!isTrial(exported)) throw new Error('the default export is no trial');
  return exported;
}

function sessionOf(exported: unknown): TrialSession {
  const trial = trialOf(exported);
  return new TrialSession({
    loadTrial: () => Promise.resolve(trial),
    loadStrategies: () => Promise.resolve({}),
    selectBackend: () => Promise.resolve({ name: 'wasm', numerics: 'wasm' }),
    now: () => 0,
  });
}

function openOf(config: Extract<Command, { kind: 'open' }>['config']): Command {
  return {
    kind: 'open',
    bundle: '',
    files: `${EXAMPLES}digits`,
    config,
    seed: 1,
    epochs: 2,
    backends: ['wasm'],
  };
}

test('digits learns to read nine of ten digits in two epochs', async () => {
  const session = sessionOf(digits);
  expect(await session.handle(openOf(CONFIG))).toMatchObject({
    kind: 'opened',
    steps_per_epoch: 45,
  });
  await session.handle({ kind: 'epoch', epoch: 0, learning_rate: 0.05 });
  const answer = (await session.handle({
    kind: 'epoch',
    epoch: 1,
    learning_rate: 0.05,
  })) as Extract<Answer, { kind: 'trained' }>;
  expect(answer.metrics['val_accuracy']).toBeGreaterThan(0.9);
});

function loadDigits(seed: number): TrialData | Promise<TrialData> {
  const { data } = trialOf(digits).definition as ManagedTrial;
  return data({ ...toyContext(seed), files: (path) => `${EXAMPLES}digits/${path}` });
}

test('digits is validated on the same fifth of each digit, whatever the seed', async () => {
  const [one, two] = [await loadDigits(1), await loadDigits(2)];
  const pixels = one.validation.xs as tf.Tensor;
  expect(pixels.shape).toEqual([364, 8, 8, 1]);
  expect(pixels.dataSync()).toEqual((two.validation.xs as tf.Tensor).dataSync());
  expect((one.train.xs as tf.Tensor).shape[0]).toBe(1797 - 364);
  const perDigit = tf.sum(one.validation.ys as tf.Tensor, 0).arraySync() as number[];
  expect(perDigit.every((count) => count >= 35 && count <= 37)).toBe(true);
});

test.each([
  ['fashion', fashion],
  ['clr-paper', clrPaper],
])('%s says how to get its images where they are missing', async (_, exported) => {
  const answer = await sessionOf(exported).handle(openOf({ folder: '/nowhere' }));
  expect(answer).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('apt-get install dataset-fashion-mnist'),
  });
});

test.each([
  ['digits', 33],
  ['fashion', 21],
  ['clr-paper', 65],
] as const)('the sweep file and the module of %s are good', async (name, trials) => {
  const parsed = parseSweepFile(readFileSync(`${EXAMPLES}${name}/sweep.yaml`, 'utf8'));
  expect(parsed).toMatchObject({ ok: true, trials, spec: { trial: `./${name}.ts` } });
  expect((await bundleTrial(`${EXAMPLES}${name}/${name}.ts`)).code.length).toBeGreaterThan(1000);
});
