// The commands `save` and `restore`: who can, when, and what is said where it does not work.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import {
  defineTrial,
  type EpochResult,
  type ManagedTrial,
  type OpenTrial,
  type Trial,
} from '../../src/trial/define-trial.ts';
import type { Command } from '../../src/trial/protocol.ts';
import { temporaryFolder } from '../support/folder.ts';
import { send, sessionOf } from './session-of.ts';
import { startBackend } from './start-backend.ts';
import { toyTrial } from './toy-trial.ts';

const OPEN = {
  kind: 'open',
  bundle: '/bundles/toy.mjs',
  files: tmpdir(),
  config: { batch_size: 32 },
  seed: 1,
  epochs: 3,
  backends: ['wasm'],
} as const satisfies Command;

beforeAll(() => startBackend('wasm'));

function epochOf(epoch: number): Command {
  return { kind: 'epoch', epoch, learning_rate: 0.1 };
}

/** A loop whose loss is the sum of its learning rates so far, and which can be saved; with parts replaced. */
function summing(parts: Partial<OpenTrial> = {}): Trial {
  const open = (): OpenTrial => {
    let sum = 0;
    return {
      steps_per_epoch: 1,
      trainEpoch: async ({ learningRates }) => {
        sum += learningRates(0);
        return { metrics: { loss: sum }, learningRate: learningRates(0) };
      },
      save: async (folder) => writeFileSync(join(folder, 'sum'), String(sum)),
      restore: async (folder) => {
        sum = Number(readFileSync(join(folder, 'sum'), 'utf8'));
      },
      ...parts,
    };
  };
  return defineTrial({ open });
}

describe.each<[string, () => Trial]>([
  ['a managed trial', () => defineTrial(toyTrial('adam'))],
  ["a loop of one's own", summing],
])('%s', (_, trial) => {
  test('that is saved goes on elsewhere as it goes on in place', async () => {
    const path = temporaryFolder();
    const first = sessionOf(trial());
    expect(await send(first, OPEN)).toMatchObject({ kind: 'opened', can_save: true });
    expect(await send(first, epochOf(0), { kind: 'save', path })).toEqual({ kind: 'saved' });
    const inPlace = await send(first, epochOf(1));

    const second = sessionOf(trial());
    expect(await send(second, OPEN, { kind: 'restore', path })).toEqual({ kind: 'restored' });
    expect(await send(second, epochOf(1))).toEqual(inPlace);
    expect(inPlace).toMatchObject({ kind: 'trained', epoch: 1 });
  });

  test('is not saved into a folder that holds something', async () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'within'));
    writeFileSync(join(path, 'within', 'left-over'), '');
    expect(await send(sessionOf(trial()), OPEN, { kind: 'save', path })).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/espalier-test-\w+ is not empty/),
    });
  });

  test('is not restored once it has trained', async () => {
    const path = temporaryFolder();
    const session = sessionOf(trial());
    await send(session, OPEN, { kind: 'save', path }, epochOf(0));
    expect(await send(session, { kind: 'restore', path })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('before its first epoch'),
    });
    expect(await send(session, OPEN, { kind: 'restore', path })).toEqual({ kind: 'restored' });
  });

  test.each(['save', 'restore'] as const)('is needed for a %s', async (kind) => {
    expect(await send(sessionOf(trial()), { kind, path: temporaryFolder() })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('no trial is open'),
    });
  });
});

class Own extends tf.AdamOptimizer {}

function ofOwnMaking(): ManagedTrial {
  return {
    ...toyTrial(),
    compile: () => ({ optimizer: new Own(0, 0.9, 1), loss: 'meanSquaredError' }),
  };
}

function stateful(): ManagedTrial {
  const samples = { xs: tf.ones([4, 2, 1]), ys: tf.ones([4, 1]) };
  const layer = { units: 1, stateful: true, batchInputShape: [4, 2, 1] };
  return {
    data: () => ({ train: samples, validation: samples }),
    model: () => tf.sequential({ layers: [tf.layers.simpleRNN(layer)] }),
    compile: () => ({ optimizer: 'sgd', loss: 'meanSquaredError' }),
  };
}

describe('what cannot be saved says so at open, and fails where it is asked to', () => {
  test.each<[string, () => Trial]>([
    ["an optimizer of the user's own making", () => defineTrial(ofOwnMaking())],
    ['a layer that carries state from batch to batch', () => defineTrial(stateful())],
    [
      'a loop without save and restore',
      () => defineTrial({ open: () => ({ steps_per_epoch: 1, trainEpoch: async () => never() }) }),
    ],
  ])('%s', async (_, trial) => {
    const session = sessionOf(trial());
    expect(await send(session, OPEN)).toMatchObject({ kind: 'opened', can_save: false });
    for (const [kind, words] of [
      ['save', /cannot be saved/],
      ['restore', /cannot be restored/],
    ] as const) {
      expect(await send(session, { kind, path: temporaryFolder() })).toMatchObject({
        kind: 'failed',
        message: expect.stringMatching(words),
      });
    }
  });
});

describe("a loop of one's own", () => {
  test.each<[string, object, RegExp]>([
    ['save alone', { restore: undefined }, /restore undefined: give both functions, or neither/],
    ['restore alone', { save: undefined }, /save undefined and restore \[/],
    ['a save that is no function', { save: true }, /save true and restore \[/],
  ])('with %s is refused', async (_, parts, words) => {
    expect(await send(sessionOf(summing(parts)), OPEN)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(words),
    });
  });

  test.each(['save', 'restore'] as const)('whose %s throws fails in its words', async (kind) => {
    const trial = summing({ [kind]: () => Promise.reject(new RangeError('no more cheese')) });
    const answer = await send(sessionOf(trial), OPEN, { kind, path: temporaryFolder() });
    expect(answer).toMatchObject({ kind: 'failed', message: 'RangeError: no more cheese' });
  });

  test.each<[string, (folder: string) => void]>([
    ['nothing', () => undefined],
    ['only folders', (folder) => mkdirSync(join(folder, 'within'))],
  ])('whose save wrote %s fails', async (_, write) => {
    const trial = summing({ save: async (folder) => write(folder) });
    expect(
      await send(sessionOf(trial), OPEN, { kind: 'save', path: temporaryFolder() }),
    ).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('save() wrote no file'),
    });
  });

  test('draws in save and restore what does not depend on when, and takes nothing from training', async () => {
    const drawn: number[] = [];
    const draw = async (folder?: string): Promise<void> => {
      drawn.push(Math.random());
      if (folder !== undefined) writeFileSync(join(folder, 'something'), '');
    };
    const trial = summing({ trainEpoch: drawingEpoch, save: draw, restore: () => draw() });
    const saved = sessionOf(trial);
    const path = temporaryFolder();
    await send(saved, OPEN, { kind: 'restore', path }, epochOf(0), { kind: 'save', path });
    await send(saved, OPEN, { kind: 'restore', path }, { kind: 'save', path: temporaryFolder() });
    expect(drawn.slice(2)).toEqual(drawn.slice(0, 2));
    expect(await send(saved, epochOf(1))).toEqual(await send(sessionOf(trial), OPEN, epochOf(1)));
  });
});

async function drawingEpoch(): Promise<EpochResult> {
  return { metrics: { random: Math.random() }, learningRate: 0 };
}

function never(): never {
  throw new Error('this trial does not train');
}
