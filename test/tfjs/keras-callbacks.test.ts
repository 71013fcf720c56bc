// That the callbacks with Keras' names have the learning rates of the references' traces, driven through their hooks.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  CyclicLR,
  type CyclicLROptions,
  type FitCallback,
  LearningRateScheduler,
  ReduceLROnPlateau,
  type ReduceLROnPlateauOptions,
} from '../../src/tfjs/index.ts';
import { toControls } from '../../src/trial/optimizer-controls.ts';
import { type OracleCase, readOracle, toMetrics } from '../lr/oracle/files.ts';
import { PLATEAU_TABLE } from '../lr/oracle/plateau-table.ts';
import { FIT, smallData, smallModel } from './small-fit.ts';

beforeAll(() => tf.setBackend('cpu'));

/** A compiled model at a learning rate, as the library would hand it over. */
async function begin(callback: FitCallback, lr: number): Promise<() => Promise<number>> {
  const optimizer = tf.train.sgd(lr);
  callback.setParams({ epochs: 100 });
  callback.setModel({ optimizer } as never);
  await callback.onTrainBegin();
  return () => toControls(optimizer).readLearningRate();
}

function casesOf(file: string, kind: string): OracleCase[] {
  const groups = PLATEAU_TABLE[`${file}/cases_f64`]!.filter((group) => group.kind === kind);
  const ids = new Set(groups.flatMap((group) => ('ids' in group ? group.ids : [])));
  return readOracle(file, 'cases_f64').filter(({ id }) => ids.has(id));
}

/** The settings of Keras in camelCase. */
function toPlateauOptions({ cfg = {} }: OracleCase): ReduceLROnPlateauOptions {
  const { min_delta: minDelta, min_lr: minLr, mode, ...same } = cfg;
  const direction = mode === 'auto' ? 'min' : mode;
  return { monitor: 'm', minDelta, minLr, mode: direction, ...same } as ReduceLROnPlateauOptions;
}

describe('ReduceLROnPlateau', () => {
  describe.each(['keras3_reduce_lr_on_plateau', 'tfkeras2_reduce_lr_on_plateau'])('%s', (file) => {
    const cases = casesOf(file, 'matches');

    test('has traces', () => expect(cases.length).toBeGreaterThan(70));

    test.each(cases)('$id: cut for cut, twice with the same callback', async (oracle) => {
      vi.spyOn(console, 'warn').mockReturnValue();
      const callback = new ReduceLROnPlateau(toPlateauOptions(oracle));
      const lr0 = oracle.lr0!;
      for (let fit = 0; fit < 2; fit += 1) {
        const read = await begin(callback, lr0);
        const rates = [await read()];
        for (const [epoch, metrics] of toMetrics(oracle.seq!).entries()) {
          await callback.onEpochEnd(epoch, { ...metrics });
          rates.push(await read());
        }
        expect(rates.slice(0, oracle.lr!.length)).toEqual(oracle.lr);
      }
    });
  });

  test('takes metrics that are scalars on the device', async () => {
    const callback = new ReduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5 });
    const read = await begin(callback, 0.1);
    const loss = tf.scalar(1);
    await callback.onEpochEnd(0, { loss });
    await callback.onEpochEnd(1, { loss });
    expect(await read()).toBe(0.05);
    expect(loss.isDisposed).toBe(false);
  });

  test('cuts the learning rate in force, also if another set it', async () => {
    const callback = new ReduceLROnPlateau({ monitor: 'loss', patience: 1, factor: 0.5 });
    const model = smallModel(tf.train.adam(0.1));
    callback.setModel(model);
    await callback.onTrainBegin();
    await callback.onEpochEnd(0, { loss: 1 });
    toControls(model.optimizer).setLearningRate(0.75);
    await callback.onEpochEnd(1, { loss: 1 });
    expect(await toControls(model.optimizer).readLearningRate()).toBe(0.375);
  });

  test('leaves a learning rate below its floor alone', async () => {
    const callback = new ReduceLROnPlateau({ monitor: 'loss', patience: 1, minLr: 0.01 });
    const read = await begin(callback, 0.001);
    for (const epoch of [0, 1, 2]) await callback.onEpochEnd(epoch, { loss: 1 });
    expect(await read()).toBe(0.001);
  });

  test('without its metric warns once a fit', async () => {
    const warn = vi.spyOn(console, 'warn').mockReset().mockReturnValue();
    const callback = new ReduceLROnPlateau();
    await begin(callback, 0.1);
    await callback.onEpochEnd(0, { loss: 1 });
    await callback.onEpochEnd(1, { loss: 1 });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/val_loss.*metrics: loss\.$/)]]);
  });

  test('prints a cut if it is asked to', async () => {
    const log = vi.spyOn(console, 'log').mockReset().mockReturnValue();
    const callback = new ReduceLROnPlateau({ monitor: 'loss', patience: 1, verbose: 1 });
    await begin(callback, 0.5);
    await callback.onEpochEnd(0, { loss: 1 });
    await callback.onEpochEnd(1, { loss: 1 });
    expect(log.mock.calls).toEqual([
      ['Epoch 2: ReduceLROnPlateau reducing learning rate to 0.05.'],
    ]);
  });

  test('guesses no direction', () => {
    expect(() => new ReduceLROnPlateau({ monitor: 'loss' })).not.toThrow();
    expect(() => new ReduceLROnPlateau({ monitor: 'val_acc' })).toThrow(
      /mode: received "auto" with monitor "val_acc".*give min or max/,
    );
    expect(() => new ReduceLROnPlateau({ mode: 'down' as never })).toThrow(
      /mode: received "down"; it must be one of auto, min, max/,
    );
  });

  test('names every problem as the user spelt it', () => {
    const options = { monitor: 'acc', factor: 2, minDelta: -1, patince: 3, lr: 1 };
    const make = (): unknown => new ReduceLROnPlateau(options);
    expect(make).toThrow(/did you mean patience\?/);
    expect(make).toThrow(/lr: ReduceLROnPlateau has no such option/);
    expect(make).toThrow(/mode: received "auto"/);
    expect(make).toThrow(/factor: received 2/);
    expect(make).toThrow(/minDelta: received -1/);
    expect(() => new ReduceLROnPlateau(null as never)).toThrow(/takes an object/);
  });
});

describe('LearningRateScheduler', () => {
  const SCHEDULES: Readonly<Record<string, (epoch: number, lr: number) => number>> = {
    'recursive_0.9': (_epoch, lr) => lr * 0.9,
    recursive_exp_after_10: (epoch, lr) => (epoch < 10 ? lr : lr * Math.exp(-0.1)),
    step_10: (epoch) => 0.1 * 0.5 ** Math.floor(epoch / 10),
  };

  test.each(Object.entries(SCHEDULES))('%s has the rates of Keras', async (id, schedule) => {
    const callback = new LearningRateScheduler(schedule);
    const oracle = readOracle('keras3_learning_rate_scheduler').find((one) => one.id === id)!;
    const read = await begin(callback, oracle.lr0!);
    for (const [epoch, rate] of oracle.f64!.entries()) {
      await callback.onEpochBegin(epoch);
      expect(Math.abs((await read()) - rate)).toBeLessThanOrEqual(1e-12 * rate);
    }
  });

  test('drives a training and its history', async () => {
    const callback = new LearningRateScheduler((epoch) => [0.1, 0, 0.2][epoch]!);
    const { xs, ys } = smallData();
    const options = { ...FIT, epochs: 3, callbacks: callback };
    const { history } = await smallModel('adam').fit(xs, ys, options);
    expect(history['lr']).toEqual([0.1, 0, 0.2]);
  });

  test('prints if it is asked to', async () => {
    const log = vi.spyOn(console, 'log').mockReset().mockReturnValue();
    const callback = new LearningRateScheduler(() => 0.25, 1);
    await begin(callback, 0.1);
    await callback.onEpochBegin(0);
    expect(log.mock.calls).toEqual([
      ['Epoch 1: LearningRateScheduler setting learning rate to 0.25.'],
    ]);
  });

  test.each([Number.NaN, -0.1, undefined, Promise.resolve(1), '0.1'])(
    'refuses %s',
    async (value) => {
      const callback = new LearningRateScheduler(() => value as number);
      await begin(callback, 0.1);
      await expect(callback.onEpochBegin(3)).rejects.toThrow(/schedule gave .* for epoch 3/);
    },
  );

  test('lets an error of the schedule through, and refuses what is no function', async () => {
    const callback = new LearningRateScheduler(() => {
      throw new TypeError('mine');
    });
    await begin(callback, 0.1);
    await expect(callback.onEpochBegin(0)).rejects.toThrow('mine');
    expect(() => new LearningRateScheduler(0.1 as never)).toThrow(/received 0.1; schedule must be/);
  });
});

describe('CyclicLR', () => {
  const SCALES: Readonly<Record<string, (x: number) => number>> = {
    sin_half: (x) => 0.5 * (1 + Math.sin((x * Math.PI) / 2)),
    inv5: (x) => 1 / 5 ** (x * 0.0001),
    const_half: () => 0.5,
    inv_cycle: (x) => 1 / x,
  };

  function toOptions({ cfg = {} }: OracleCase): CyclicLROptions {
    const { base_lr, max_lr, step_size, scale_fn, scale_mode, ...same } = cfg;
    const scaleFn = typeof scale_fn === 'string' ? SCALES[scale_fn] : undefined;
    const options = { baseLr: base_lr, maxLr: max_lr, stepSize: step_size, ...same };
    return { ...options, scaleFn, scaleMode: scale_mode } as CyclicLROptions;
  }

  const cases = readOracle('clr_bckenstler').filter(
    ({ id, lr }) => id !== 'base_gt_max' && lr !== undefined,
  );

  test('has traces', () => expect(cases.length).toBeGreaterThan(16));

  test.each(cases)('$id has the rates of bckenstler/CLR', async (oracle) => {
    const callback = new CyclicLR(toOptions(oracle));
    const read = await begin(callback, 0.1);
    const { lr: trace = [], stride = 1 } = oracle;
    for (let step = 0; step <= (trace.length - 1) * stride; step += 1) {
      await callback.onBatchBegin(step);
      const wanted = trace[step / stride];
      if (wanted !== undefined)
        expect(Math.abs((await read()) - wanted)).toBeLessThanOrEqual(1e-12 * wanted + 1e-15);
      await callback.onBatchEnd(step);
    }
  });

  test.each([
    ['cycle', [1, 1, 1, 1, 2, 2]],
    ['iterations', [0, 1, 2, 3, 4, 5]],
  ] as const)('hands its scaleFn the %s', async (scaleMode, handed) => {
    const scaleFn = vi.fn(() => 0.5);
    const callback = new CyclicLR({ baseLr: 0, maxLr: 1, stepSize: 2, scaleFn, scaleMode });
    const read = await begin(callback, 0.1);
    const rates: number[] = [];
    for (const step of [0, 1, 2, 3, 4, 5]) {
      await callback.onBatchBegin(step);
      rates.push(await read());
      await callback.onBatchEnd(step);
    }
    expect(scaleFn.mock.calls.flat()).toEqual(handed);
    expect(rates).toEqual([0, 0.25, 0.5, 0.25, 0, 0.25]);
  });

  test('goes on in a second fit, and starts anew when it is told to', async () => {
    const callback = new CyclicLR({ baseLr: 0, maxLr: 1, stepSize: 4 });
    const { xs, ys } = smallData();
    const train = async (): Promise<unknown> => {
      const options = { ...FIT, epochs: 1, callbacks: callback };
      return (await smallModel().fit(xs, ys, options)).history['lr'];
    };
    expect([await train(), await train()]).toEqual([[0.5], [0.75]]);
    callback.reset();
    expect(await train()).toEqual([0.5]);
  });

  test('names every problem as the user spelt it', () => {
    const wrong = { baseLr: -1, stepSize: 0.5, scaleFn: 3, scaleMode: 'epoch', maxlr: 1 };
    const make = (): unknown => new CyclicLR(wrong as never);
    expect(make).toThrow(/did you mean maxLr\?/);
    expect(make).toThrow(/scaleFn: received 3/);
    expect(make).toThrow(/scaleMode: received "epoch"; it must be one of cycle, iterations/);
    expect(make).toThrow(/baseLr: received -1/);
    expect(() => new CyclicLR({ stepSize: 0.5 })).toThrow(/stepSize must be at least 1 step/);
    expect(() => new CyclicLR({ stepSize: '2 epochs' as never })).toThrow(/a number of steps/);
    expect(() => new CyclicLR({ baseLr: 0.1, maxLr: 0.01 })).toThrow(
      /baseLr must be at most maxLr/,
    );
  });

  test('refuses a height that is no number', async () => {
    const callback = new CyclicLR({ scaleFn: () => Number.NaN });
    await begin(callback, 0.1);
    await expect(callback.onBatchBegin(0)).rejects.toThrow(/of step 0 is NaN/);
  });
});
