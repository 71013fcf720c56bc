// The protocol's commands and answers, without pipes.

import * as tf from '@tensorflow/tfjs';
import { tmpdir } from 'node:os';

import { beforeAll, describe, expect, test } from 'vitest';

import { defineTrial, type ManagedTrial, type OpenTrial } from '../../src/trial/define-trial.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import type { TrialSession } from '../../src/trial/trial-session.ts';
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
  backends: ['cpu'],
} as const satisfies Command;

beforeAll(() => startBackend('cpu'));

function trainWithMomentum(momentum: number): Promise<Answer> {
  return send(sessionOf(defineTrial(toyTrial())), OPEN, {
    kind: 'epoch',
    epoch: 0,
    learning_rate: 0.1,
    momentum: [0.9, momentum, momentum],
  });
}

/** Opens a trial whose data lies in a file of this path. */
function openReading(path: string): Promise<Answer> {
  const trial: ManagedTrial = {
    ...toyTrial(),
    data: ({ files }) => {
      throw new Error(`found ${files(path)}`);
    },
  };
  return send(sessionOf(defineTrial(trial)), OPEN);
}

function openThrowing(thrown: unknown): Promise<Answer> {
  const open = (): never => {
    throw thrown;
  };
  return send(sessionOf(defineTrial({ open })), OPEN);
}

describe('a managed trial', () => {
  test('opens with its steps, its backend and that it can be saved', async () => {
    expect(await send(sessionOf(defineTrial(toyTrial())), OPEN)).toEqual({
      kind: 'opened',
      steps_per_epoch: 3,
      backend: 'cpu',
      numerics: 'cpu 4.22.0',
      can_save: true,
    });
  });

  test('trains an epoch with a learning rate for all steps, or one for each', async () => {
    const session = sessionOf(defineTrial(toyTrial()));
    const constant = await send(session, OPEN, { kind: 'epoch', epoch: 0, learning_rate: 0.1 });
    expect(constant).toMatchObject({
      kind: 'trained',
      epoch: 0,
      steps: 3,
      learning_rate: 0.1,
      seconds: 0.25,
    });
    const series = await send(session, OPEN, {
      kind: 'epoch',
      epoch: 0,
      learning_rate: [0.1, 0.1, 0.1],
    });
    expect(series).toEqual(constant);
    const other = await send(session, OPEN, {
      kind: 'epoch',
      epoch: 0,
      learning_rate: [0.1, 0.1, 0.2],
    });
    expect(other).toMatchObject({ learning_rate: 0.2 });
    expect(other).not.toMatchObject({ metrics: (constant as { metrics: object }).metrics });
  });

  test('trains the same, whatever the process has served before', async () => {
    const epochs = [0, 1, 2].map(
      (epoch) => ({ kind: 'epoch', epoch, learning_rate: 0.1 }) as const,
    );
    const fresh = await send(sessionOf(defineTrial(toyTrial())), OPEN, ...epochs);
    const used = sessionOf(defineTrial(toyTrial()));
    await send(
      used,
      { ...OPEN, seed: 2 },
      ...epochs,
      { kind: 'close' },
      { ...OPEN, config: { batch_size: 16 } },
      epochs[0]!,
    );
    expect(await send(used, OPEN, ...epochs)).toEqual(fresh);
  });

  test('moves the momentum with the learning rate', async () => {
    expect(await trainWithMomentum(0.5)).not.toEqual(await trainWithMomentum(0.95));
  });

  test('reports what JSON lacks by name', async () => {
    const answer = await send(sessionOf(defineTrial(toyTrial('sgd'))), OPEN, {
      kind: 'epoch',
      epoch: 0,
      learning_rate: 1e38,
    });
    expect(JSON.stringify(answer)).toMatch(/"loss":"(NaN|Infinity)"/);
  });

  test('leaves nothing of one trial to the next but the data', async () => {
    const session = sessionOf(defineTrial(toyTrial('adam')));
    const cycle = [
      OPEN,
      { kind: 'epoch', epoch: 0, learning_rate: 0.1 },
      { kind: 'close' },
    ] as const;
    await send(session, ...cycle);
    const before = tf.memory().numTensors;
    await send(session, ...cycle, ...cycle);
    expect(tf.memory().numTensors).toBe(before);
    const openWith = async (seed: number) => send(session, { ...OPEN, seed }, { kind: 'close' });
    for (const seed of [11, 12, 13, 14]) await openWith(seed);
    const full = tf.memory().numTensors;
    for (const seed of [15, 16, 17]) await openWith(seed);
    expect(tf.memory().numTensors).toBe(full);
  });
});

/** A session of a trial that counts how often its data is loaded. */
function countingLoads(): { session: TrialSession; loads: () => number } {
  let loads = 0;
  const definition: ManagedTrial = {
    ...toyTrial(),
    data: (context) => {
      loads += 1;
      return toyTrial().data(context);
    },
  };
  return { session: sessionOf(defineTrial(definition)), loads: () => loads };
}

describe('the data', () => {
  test('of seeds that take turns is loaded once each', async () => {
    const { session, loads } = countingLoads();
    for (const seed of [1, 2, 3, 1, 2, 3])
      await send(session, { ...OPEN, seed }, { kind: 'close' });
    expect(loads()).toBe(3);
  });

  test('is loaded once for a config and a seed, and anew for others', async () => {
    const { session, loads } = countingLoads();
    await send(session, OPEN, { ...OPEN, epochs: 9 });
    expect(loads()).toBe(1);
    await send(session, { ...OPEN, seed: 2 });
    await send(session, { ...OPEN, seed: 2, config: { batch_size: 16 } });
    expect(loads()).toBe(3);
  });

  test('may lie in files that travel, and nowhere else', async () => {
    expect(await openReading('missing.csv')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('missing.csv is not among the files'),
    });
    expect(await openReading('../secret')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('outside'),
    });
  });

  test('that is not of the right shape is refused in words', async () => {
    const trial = defineTrial({ ...toyTrial(), data: () => ({ train: 1 }) as never });
    expect(await send(sessionOf(trial), OPEN)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('data() must return { train'),
    });
  });
});

describe('an own loop', () => {
  const calls: unknown[] = [];
  const own = defineTrial({
    open: ({ seed }): OpenTrial => ({
      steps_per_epoch: 2,
      trainEpoch: ({ epoch, steps, learningRates, momentum }) => {
        calls.push({
          epoch,
          rates: Array.from({ length: steps }, (_, step) => learningRates(step)),
          momentum: momentum?.(1),
        });
        return Promise.resolve({
          metrics: { loss: seed, random: Math.random() },
          learningRate: learningRates(steps - 1),
        });
      },
    }),
  });

  test('is given the learning rates of its steps, and a Math.random of its seed and epoch', async () => {
    const answer = await send(sessionOf(own), OPEN, {
      kind: 'epoch',
      epoch: 4,
      learning_rate: [1, 2],
      momentum: 0.5,
    });
    expect(calls).toEqual([{ epoch: 4, rates: [1, 2], momentum: 0.5 }]);
    expect(answer).toMatchObject({
      kind: 'trained',
      epoch: 4,
      steps: 2,
      learning_rate: 2,
      metrics: { loss: 1 },
    });
    expect(
      await send(sessionOf(own), OPEN, {
        kind: 'epoch',
        epoch: 4,
        learning_rate: [1, 2],
        momentum: 0.5,
      }),
    ).toEqual(answer);
  });

  test('that throws something is a failure in its own words', async () => {
    expect(await openThrowing(new Error('no more cheese'))).toMatchObject({
      kind: 'failed',
      message: 'no more cheese',
    });
    expect(await openThrowing(new TypeError('bad'))).toMatchObject({ message: 'TypeError: bad' });
    expect(await openThrowing(new Error('outer', { cause: new Error('inner') }))).toMatchObject({
      message: 'outer (caused by inner)',
    });
    expect(await openThrowing('just text')).toEqual({
      kind: 'failed',
      message: 'the trial threw just text',
    });
  });

  test('with steps that are no number is refused', async () => {
    const trial = defineTrial({
      open: () => ({ steps_per_epoch: 0, trainEpoch: () => Promise.reject(new Error('never')) }),
    });
    expect(await send(sessionOf(trial), OPEN)).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('steps_per_epoch 0'),
    });
  });
});

describe('a command out of place is a failure', () => {
  test.each<[string, readonly Command[], RegExp]>([
    ['an epoch before open', [{ kind: 'epoch', epoch: 0, learning_rate: 1 }], /no trial is open/],
    [
      'an epoch after close',
      [OPEN, { kind: 'close' }, { kind: 'epoch', epoch: 0, learning_rate: 1 }],
      /no trial is open/,
    ],
    [
      'a wrong number of learning rates',
      [OPEN, { kind: 'epoch', epoch: 0, learning_rate: [1] }],
      /1 values of learning_rate came for the 3 steps/,
    ],
    [
      'another list of backends',
      [OPEN, { ...OPEN, backends: ['wasm'] }],
      /chose its backend from cpu/,
    ],
  ])('%s', async (_, commands, words) => {
    expect(await send(sessionOf(defineTrial(toyTrial())), ...commands)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(words),
    });
  });

  test('and closing twice is none', async () => {
    expect(
      await send(sessionOf(defineTrial(toyTrial())), OPEN, { kind: 'close' }, { kind: 'close' }),
    ).toEqual({ kind: 'closed' });
  });
});

describe("a loop of one's own that plain JavaScript got wrong", () => {
  const good = {
    steps_per_epoch: 2,
    trainEpoch: async () => ({ metrics: { loss: 1 }, learningRate: 0.1 }),
  };
  const answersOf = async (trial: unknown): Promise<unknown> => {
    // What no type would let through is the point.
    const session = sessionOf(defineTrial({ open: () => trial as typeof good }));
    const opened = await session.handle(OPEN);
    return opened.kind === 'failed'
      ? opened
      : session.handle({ kind: 'epoch', epoch: 0, learning_rate: 0.1 });
  };

  test.each([
    ['no trainEpoch', { steps_per_epoch: 2 }, /open\(\) must return/],
    ['nothing', undefined, /open\(\) must return/],
    ['far too many steps', { ...good, steps_per_epoch: 2 ** 40 }, /steps_per_epoch 1099511627776/],
    ['no result', { ...good, trainEpoch: async () => undefined }, /trainEpoch\(\) must return/],
    [
      'no metrics',
      { ...good, trainEpoch: async () => ({ learningRate: 1 }) },
      /trainEpoch\(\) must return/,
    ],
    [
      'a metric in words',
      { ...good, trainEpoch: async () => ({ metrics: { acc: '0.5' }, learningRate: 1 }) },
      /gave acc '0\.5'; a number/,
    ],
    [
      'no learning rate',
      { ...good, trainEpoch: async () => ({ metrics: { loss: 1 } }) },
      /gave learningRate undefined/,
    ],
  ])('%s', async (_, trial, words) => {
    expect(await answersOf(trial)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(words),
    });
  });

  test('whatever is thrown is told, and not without end', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const [a, b] = [new Error('a'), new Error('b')];
    [a.cause, b.cause] = [b, a];
    for (const thrown of [10n, circular, a, new Error('x'.repeat(2 ** 21))]) {
      const session = sessionOf(
        defineTrial({
          open: () => {
            throw thrown;
          },
        }),
      );
      const answer = await session.handle(OPEN);
      expect(answer).toMatchObject({
        kind: 'failed',
        message: expect.stringMatching(/10n|Circular|a \(caused by b|xxx/),
      });
      expect(JSON.stringify(answer).length).toBeLessThan(2 ** 16);
    }
  });
});
