// The example with a loop of its own, on images of noise: its stretches can be shared. Needs a build, since it imports `espalier` by its name.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { beforeAll, expect, test } from 'vitest';

import clrPaper from '../../examples/clr-paper/clr-paper.ts';
import { openClothes, toBatch } from '../../examples/clr-paper/clothes.ts';
import { rngFor } from '../../src/domain/random.ts';
import { isTrial, type Trial } from '../../src/trial/define-trial.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { TrialSession } from '../../src/trial/trial-session.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startBackend } from './start-backend.ts';

const TRAIN = 60;
const HELD = 30;
const PIXELS = 28 * 28;

beforeAll(() => startBackend('wasm'));

/** A folder with 90 images of noise, each of the kind that its number ends with. */
function noiseFolder(): string {
  const folder = temporaryFolder();
  const random = rngFor(1, 'noise');
  const pixels = Uint8Array.from({ length: (TRAIN + HELD) * PIXELS }, () => random() * 256);
  const kinds = Uint8Array.from({ length: TRAIN + HELD }, (_, i) => i % 10);
  const write = (name: string, header: number, bytes: Uint8Array): void =>
    writeFileSync(join(folder, name), gzipSync(Buffer.concat([new Uint8Array(header), bytes])));
  write('train-images-idx3-ubyte.gz', 16, pixels);
  write('train-labels-idx1-ubyte.gz', 8, kinds);
  return folder;
}

/** An example imports the built package, whose trials are of another copy. */
function trialOf(exported: unknown): Trial {
  if (!isTrial(exported)) throw new Error('the default export is no trial');
  return exported;
}

async function openSession(folder: string, stepsPerLook = 4): Promise<TrialSession> {
  const session = new TrialSession({
    loadTrial: () => Promise.resolve(trialOf(clrPaper)),
    loadStrategies: () => Promise.resolve({}),
    selectBackend: () => Promise.resolve({ name: 'wasm', numerics: 'wasm' }),
    now: () => 0,
  });
  const config = {
    folder,
    train_images: TRAIN,
    validation_images: HELD,
    units: 8,
    batch_size: 10,
    // Six steps are a pass: with four steps the second look falls into the first pass and the second.
    steps_per_look: stepsPerLook,
  };
  const opened = { kind: 'open', bundle: '', files: folder, config, seed: 3, epochs: 3 } as const;
  expect(await session.handle({ ...opened, backends: ['wasm'] })).toMatchObject({
    kind: 'opened',
    steps_per_epoch: stepsPerLook,
    can_save: true,
  });
  return session;
}

function train(session: TrialSession, epoch: number): Promise<Answer> {
  const learning_rate = [0.1, 0.2, 0.05, 0.1].map((rate) => rate * (epoch + 1));
  const command: Command = { kind: 'epoch', epoch, learning_rate };
  return session.handle(command);
}

test('stretches behind a checkpoint come to the same numbers as without one, in every bit', async () => {
  const folder = noiseFolder();
  const first = await openSession(folder);
  const untouched = await openSession(folder);
  const saved = join(folder, 'saved');
  mkdirSync(saved);
  await train(first, 0);
  expect(await first.handle({ kind: 'save', path: saved })).toEqual({ kind: 'saved' });
  const second = await openSession(folder);
  expect(await second.handle({ kind: 'restore', path: saved })).toEqual({ kind: 'restored' });
  await train(untouched, 0);
  for (const epoch of [1, 2]) {
    const wanted = await train(untouched, epoch);
    expect(wanted).toMatchObject({ kind: 'trained', steps: 4 });
    expect(await train(first, epoch)).toEqual(wanted);
    expect(await train(second, epoch)).toEqual(wanted);
  }
});

test('a pass goes on from look to look: two passes in three looks see what one pass in one look sees, twice', async () => {
  const folder = noiseFolder();
  const whole = await lossesOf(await openSession(folder, 6), [0]);
  const parts = await lossesOf(await openSession(folder, 4), [0, 1, 2]);
  expect(new Set(parts).size).toBe(3);
  expect(parts.reduce((sum, loss) => sum + loss, 0) / 3).toBeCloseTo(whole[0] ?? 0, 6);
});

/** The mean loss of each look where nothing is learnt. */
async function lossesOf(session: TrialSession, epochs: readonly number[]): Promise<number[]> {
  const losses: number[] = [];
  for (const epoch of epochs) {
    const answer = await session.handle({ kind: 'epoch', epoch, learning_rate: 0 });
    losses.push(answer.kind === 'trained' ? Number(answer.metrics['loss']) : Number.NaN);
  }
  return losses;
}

test('a momentum that a strategy moves is refused, since this loop would not move it', async () => {
  const session = await openSession(noiseFolder());
  const moved: Command = { kind: 'epoch', epoch: 0, learning_rate: 0.1, momentum: 0.9 };
  expect(await session.handle(moved)).toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('momentum'),
  });
});

test('a batch has the pixels of its images from 0 to 1, and their kinds', () => {
  const clothes = openClothes(noiseFolder());
  const { xs, ys } = toBatch(clothes, [17, 4]);
  expect(xs.shape).toEqual([2, PIXELS]);
  expect(xs.dataSync()[PIXELS + 5]).toBe(Math.fround((clothes.pixels[4 * PIXELS + 5] ?? 0) / 255));
  expect(ys.argMax(1).arraySync()).toEqual([7, 4]);
});
