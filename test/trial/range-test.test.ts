// The protocol's range test: the losses of real steps, until they diverge; and what may not come after it.

import * as tf from '@tensorflow/tfjs';
import { tmpdir } from 'node:os';

import { beforeAll, describe, expect, test } from 'vitest';

import {
  defineTrial,
  type EpochRequest,
  type EpochResult,
  type OpenTrial,
  type Trial,
} from '../../src/trial/define-trial.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { send, sessionOf } from './session-of.ts';
import { startBackend } from './start-backend.ts';
import { openToy, TOY, toyTrial } from './toy-trial.ts';

const OPEN = {
  kind: 'open',
  bundle: '/bundles/toy.mjs',
  files: tmpdir(),
  config: { batch_size: TOY.batchSize },
  seed: 1,
  epochs: 3,
  backends: ['cpu'],
} as const satisfies Command;

type Tested = Extract<Answer, { kind: 'range_tested' }>;

function rangeOf(learning_rate: readonly number[], stop_factor = 4): Command {
  return { kind: 'range_test', learning_rate, stop_factor };
}

function constant(steps: number, rate = 0.05): readonly number[] {
  return Array.from({ length: steps }, () => rate);
}

async function testOf(trial: Trial, command: Command): Promise<Tested> {
  const answer = await send(sessionOf(trial), OPEN, command);
  if (answer.kind !== 'range_tested') throw new Error(JSON.stringify(answer));
  return answer;
}

beforeAll(() => startBackend('cpu'));

function toy(): Trial {
  return defineTrial(toyTrial());
}

describe('a managed trial', () => {
  /** Three steps an epoch, the last of them of 10 samples. */
  const SIZES = [32, 32, 10];

  test('takes the steps of its epochs: their mean losses are those of training', async () => {
    const { losses, stopped } = await testOf(toy(), rangeOf(constant(6)));
    expect([losses.length, stopped]).toEqual([6, null]);
    const session = sessionOf(toy());
    await send(session, OPEN);
    for (const epoch of [0, 1]) {
      const trained = await send(session, { kind: 'epoch', epoch, learning_rate: 0.05 });
      const part = losses.slice(3 * epoch, 3 * epoch + 3).map(Number);
      const sum = part.reduce((total, loss, i) => total + loss * (SIZES[i] ?? 0), 0);
      expect(trained).toMatchObject({ metrics: { loss: sum / TOY.samples } });
    }
  });

  test('trains each step with its own rate, and only as many as there are rates', async () => {
    const same = await testOf(toy(), rangeOf(constant(5)));
    const other = await testOf(toy(), rangeOf([0.05, 0.05, 0.4, 0.05, 0.05]));
    expect(same.losses).toHaveLength(5);
    // A rate shows in the loss of the step after its own.
    expect(other.losses.slice(0, 3)).toEqual(same.losses.slice(0, 3));
    expect(other.losses[3]).not.toBe(same.losses[3]);
  });

  test('has the same answer, bit for bit, whatever the process has served before', async () => {
    const fresh = await testOf(toy(), rangeOf(constant(7)));
    const session = sessionOf(toy());
    await send(session, OPEN, rangeOf(constant(4, 0.3)), { kind: 'close' });
    expect(await send(session, OPEN, rangeOf(constant(7)))).toEqual(fresh);
    expect(await send(session, { ...OPEN, seed: 2 }, rangeOf(constant(7)))).not.toEqual(fresh);
  });

  test('trains no step and validates nothing once the rest of an epoch is not needed', async () => {
    const steps: number[] = [];
    const opened = await openToy(toyTrial(), 1);
    const { metrics } = await opened.trainEpoch({
      epoch: 0,
      steps: 3,
      learningRates: () => 0.05,
      reportLoss: (step) => steps.push(step) < 2,
    });
    expect(steps).toEqual([0, 1]);
    expect(Object.keys(metrics)).toEqual(['loss', 'accuracy']);
  });

  test('stops when the loss diverges, and says how', async () => {
    const rates = Array.from({ length: 40 }, (_, step) => 1e-3 * 4 ** step);
    const sgd = defineTrial(toyTrial('sgd'));
    const { losses, stopped } = await testOf(sgd, rangeOf(rates));
    expect(losses.length).toBeLessThan(40);
    expect(stopped).toMatch(/^the (smoothed loss, \S+, is more than 4 times its best|loss is )/);
    const later = await testOf(sgd, rangeOf(rates, 1000));
    expect(later.losses.length).toBeGreaterThanOrEqual(losses.length);
    expect(later.losses.slice(0, losses.length)).toEqual(losses);
  });

  test('sends a loss that JSON lacks by its name', async () => {
    const { losses, stopped } = await testOf(toy(), rangeOf([1e38, 1e38, 1e38, 1e38], 1e30));
    expect(losses.at(-1)).toBe('NaN');
    expect(stopped).toBe('the loss is NaN');
  });

  test('leaves no tensor behind', async () => {
    const session = sessionOf(toy());
    const cycle = [OPEN, rangeOf(constant(4)), { kind: 'close' }] as const;
    await send(session, ...cycle);
    const before = tf.memory().numTensors;
    await send(session, ...cycle, ...cycle);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, Command]>([
    ['an epoch', { kind: 'epoch', epoch: 0, learning_rate: 0.1 }],
    ['a second range test', rangeOf(constant(3))],
    ['a save', { kind: 'save', path: tmpdir() }],
    ['a restore', { kind: 'restore', path: tmpdir() }],
  ])('refuses %s afterwards, until it is opened anew', async (_, command) => {
    const session = sessionOf(toy());
    expect(await send(session, OPEN, rangeOf(constant(3)), command)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('has served a range test'),
    });
    expect(await send(session, OPEN, rangeOf(constant(3)))).toMatchObject({ kind: 'range_tested' });
  });

  test.each<[string, readonly Command[], RegExp]>([
    ['before open', [rangeOf(constant(3))], /no trial is open/],
    [
      'after an epoch',
      [OPEN, { kind: 'epoch', epoch: 0, learning_rate: 0.1 }, rangeOf(constant(3))],
      /comes before the first epoch/,
    ],
    ['of no steps', [OPEN, rangeOf([])], /0 learning rates came; 1 to 20000/],
    ['with a rate that is none', [OPEN, rangeOf([1, Infinity])], /learning rate Infinity came/],
    ['without room', [OPEN, rangeOf([1], 1)], /stop_factor is 1; it must be above 1/],
  ])('%s it is refused in words', async (_, commands, words) => {
    expect(await send(sessionOf(toy()), ...commands)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(words),
    });
  });
});

const RESULT: EpochResult = { metrics: {}, learningRate: 0 };

/** A loop of four steps an epoch. */
function loopOf(trainEpoch: (request: EpochRequest) => unknown): Trial {
  const open = (): OpenTrial => ({
    steps_per_epoch: 4,
    // What plain JavaScript may return is the point.
    trainEpoch: async (request) => (await trainEpoch(request)) as EpochResult,
  });
  return defineTrial({ open });
}

describe("a loop of one's own", () => {
  test('reports each step, over as many epochs as it takes, and is told when it may stop', async () => {
    const seen: unknown[] = [];
    const loop = loopOf(({ epoch, steps, learningRates, reportLoss }) => {
      for (let step = 0; step < steps; step += 1) {
        const goesOn = reportLoss?.(step, learningRates(step));
        seen.push([epoch, step, learningRates(step), goesOn]);
        if (goesOn === false) break;
      }
      return RESULT;
    });
    const { losses } = await testOf(loop, rangeOf([10, 11, 12, 13, 14, 15]));
    expect(losses).toEqual([10, 11, 12, 13, 14, 15]);
    expect(seen).toEqual([
      [0, 0, 10, true],
      [0, 1, 11, true],
      [0, 2, 12, true],
      [0, 3, 13, true],
      [1, 0, 14, true],
      [1, 1, 15, false],
    ]);
  });

  test('that goes on all the same, and returns nothing, does no harm', async () => {
    const loop = loopOf(({ steps, learningRates, reportLoss }) => {
      for (let step = 0; step < steps; step += 1) reportLoss?.(step, learningRates(step));
    });
    expect(await testOf(loop, rangeOf([5, 6]))).toMatchObject({ losses: [5, 6], stopped: null });
    expect(await testOf(loop, rangeOf([5, Number.MAX_VALUE, 6]))).toMatchObject({
      losses: [5, Number.MAX_VALUE],
    });
  });

  test('has a Math.random of its seed and epoch, as in training', async () => {
    const loop = loopOf(({ steps, reportLoss }) => {
      for (let step = 0; step < steps; step += 1) reportLoss?.(step, Math.random());
      return RESULT;
    });
    const first = await testOf(loop, rangeOf(constant(8), 1e9));
    expect(await testOf(loop, rangeOf(constant(8), 1e9))).toEqual(first);
    expect(new Set(first.losses).size).toBe(8);
  });

  test.each<[string, (request: EpochRequest) => unknown, RegExp]>([
    [
      'that reports nothing is told what to add',
      () => RESULT,
      /reported no losses.*add: if \(request\.reportLoss\?\.\(step, loss\) === false\) break/,
    ],
    [
      'that reports some is told how many',
      ({ reportLoss }) => void reportLoss?.(0, 1),
      /reported the losses of 1 of its 4 steps/,
    ],
    [
      'that counts from 1 is told so',
      ({ reportLoss }) => void reportLoss?.(1, 1),
      /called for step 1 when step 0 was due/,
    ],
    [
      'that reports a tensor is told so',
      ({ reportLoss }) => void reportLoss?.(0, 'a tensor' as never),
      /given the loss 'a tensor' of step 0; a number/,
    ],
    [
      'that throws is quoted',
      () => {
        throw new RangeError('no more cheese');
      },
      /RangeError: no more cheese/,
    ],
  ])('%s', async (_, trainEpoch, words) => {
    const answer = await send(sessionOf(loopOf(trainEpoch)), OPEN, rangeOf(constant(6)));
    expect(answer).toMatchObject({ kind: 'failed', message: expect.stringMatching(words) });
  });

  test('sees no reportLoss in training', async () => {
    let request: EpochRequest | undefined;
    const loop = loopOf((given) => {
      request = given;
      return RESULT;
    });
    await send(sessionOf(loop), OPEN, { kind: 'epoch', epoch: 0, learning_rate: 0.1 });
    expect(request).not.toHaveProperty('reportLoss');
  });
});
