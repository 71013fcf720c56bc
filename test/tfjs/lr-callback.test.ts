// That `fit` with a strategy is the training by hand with the strategy's rates, bit for bit, for every optimizer.

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { createStrategy } from '../../src/lr/create-strategy.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { lrCallback } from '../../src/tfjs/index.ts';
import { toControls } from '../../src/trial/optimizer-controls.ts';
import { runStrategy } from '../lr/run-strategy.ts';
import {
  FIT,
  OPTIMIZER_NAMES,
  OPTIMIZERS,
  type Step,
  smallData,
  smallModel,
  STEPS,
  trainByHand,
  weightsOf,
} from './small-fit.ts';

const EPOCHS = 4;
const CYCLIC = { strategy: 'cyclic', base_lr: 0.001, max_lr: 0.01, step_size: 4 };
const STAIRS = { strategy: 'step', lr: 0.01, step_size: 1, gamma: 0.5 };
const PLATEAU = { strategy: 'plateau', lr: 0.08, monitor: 'loss', mode: 'min', factor: 0.5 };

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  vi.restoreAllMocks();
});

/** What the strategy, asked by itself, gives each step of a training. */
function stepsOf(spec: object, epochs = EPOCHS): Step[] {
  const { lr, momentum } = runStrategy(spec, { stepsPerEpoch: STEPS, epochs });
  return lr.map((rate, i) =>
    momentum[i] === undefined ? { lr: rate } : { lr: rate, momentum: momentum[i] },
  );
}

/** A strategy that follows a list, one value a step. */
function listed(rates: readonly number[]): Strategy<null> {
  return {
    start: () => null,
    controls: (_state, from, count) => ({
      learningRate: Float64Array.from(rates.slice(from, from + count)),
    }),
    observe: () => null,
  };
}

/** Fits the small model and gives what remains of it. */
async function fit(
  callback: tf.CustomCallbackArgs | ReturnType<typeof lrCallback>,
  more: Partial<tf.ModelFitArgs> = {},
  model = smallModel(),
): Promise<{
  weights: number[];
  lr: number[];
  history: tf.History['history'];
  model: tf.Sequential;
}> {
  const { xs, ys } = smallData();
  const { history } = await model.fit(xs, ys, {
    ...FIT,
    epochs: EPOCHS,
    callbacks: callback,
    ...more,
  });
  return { weights: weightsOf(model), lr: (history['lr'] ?? []) as number[], history, model };
}

describe.each(OPTIMIZER_NAMES)('%s', (name) => {
  test.each([CYCLIC, STAIRS])('steps as by hand with the rates of %o', async (spec) => {
    const { weights } = await fit(lrCallback(spec), {}, smallModel(OPTIMIZERS[name]()));
    expect(weights).toEqual(await trainByHand(OPTIMIZERS[name](), stepsOf(spec)));
  });
});

describe.each(['momentum', 'momentum, Nesterov', 'adam', 'adamax', 'rmsprop'] as const)(
  '%s',
  (name) => {
    test('steps as by hand with a momentum that cycles', async () => {
      const spec = { ...CYCLIC, base_momentum: 0.5, max_momentum: 0.95 };
      const { weights } = await fit(lrCallback(spec), {}, smallModel(OPTIMIZERS[name]()));
      expect(weights).toEqual(await trainByHand(OPTIMIZERS[name](), stepsOf(spec)));
      expect(weights).not.toEqual(await trainByHand(OPTIMIZERS[name](), stepsOf(CYCLIC)));
    });
  },
);

test('an optimizer named by a string is driven too', async () => {
  const { weights } = await fit(lrCallback(CYCLIC), {}, smallModel('adam'));
  expect(weights).toEqual(await trainByHand(tf.train.adam(0.001), stepsOf(CYCLIC)));
});

test('history has the learning rate of each epoch’s last step', async () => {
  const { lr } = await fit(lrCallback(CYCLIC));
  expect(lr).toEqual([2, 5, 8, 11].map((step) => stepsOf(CYCLIC)[step]?.lr));
});

test('a learning rate that something else sets within an epoch does not outlast the step', async () => {
  const callback = lrCallback({ strategy: 'fixed', lr: 0.01 });
  const optimizer = tf.train.sgd(0.5);
  const meddler = new tf.CustomCallback({
    onBatchEnd: async () => optimizer.setLearningRate(5),
  });
  const model = smallModel(optimizer);
  const { weights } = await fit(callback, { callbacks: [callback, meddler] }, model);
  const steps = stepsOf({ strategy: 'fixed', lr: 0.01 });
  expect(weights).toEqual(await trainByHand(tf.train.sgd(0.5), steps));
});

describe('a plateau', () => {
  test('cuts where the hand says, on the training loss', async () => {
    const losses: number[] = [];
    const spec = { ...PLATEAU, patience: 1, min_delta: 1000 };
    const spy = new tf.CustomCallback({
      onEpochEnd: async (_epoch, logs) => void losses.push(logs!['loss']!),
    });
    const callback = lrCallback(spec);
    const { lr, weights } = await fit(callback, { callbacks: [callback, spy] });
    // No loss is better than the first by 1000: a cut after every epoch but the first.
    expect(lr).toEqual([0.08, 0.08, 0.04, 0.02]);
    expect(losses.every((loss) => typeof loss === 'number')).toBe(true);
    const steps = lr.flatMap((rate) => [rate, rate, rate].map((value) => ({ lr: value })));
    expect(weights).toEqual(await trainByHand(tf.train.sgd(0.5), steps));
  });

  test('sees validation metrics, of a split too, as numbers', async () => {
    const seen: unknown[] = [];
    const callback = lrCallback({
      start: () => null,
      controls: () => ({ learningRate: 0.01 }),
      observe: (_state, epoch, metrics) => void seen.push([epoch, metrics]),
    });
    const { history } = await fit(callback, { validationSplit: 0.4, epochs: 2 });
    expect(seen).toEqual(
      [0, 1].map((epoch) => [
        epoch,
        Object.fromEntries(
          ['loss', 'mae', 'val_loss', 'val_mae'].map((name) => [name, history[name]![epoch]]),
        ),
      ]),
    );
  });

  test('whose metric is missing warns once and leaves the learning rate', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const callback = lrCallback({ ...PLATEAU, monitor: 'val_loss', patience: 0 });
    const { lr } = await fit(callback);
    expect(lr).toEqual([0.08, 0.08, 0.08, 0.08]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/val_loss, which is not available.*loss, mae/s);
    await fit(callback);
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe('a second fit', () => {
  const spec = { ...PLATEAU, patience: 1, min_delta: 1000 };

  test('starts the strategy anew', async () => {
    const callback = lrCallback(spec);
    const first = await fit(callback);
    const second = await fit(callback, {}, first.model);
    expect(second.lr).toEqual(first.lr);
    const cyclic = lrCallback(CYCLIC);
    expect((await fit(cyclic)).lr).toEqual((await fit(cyclic)).lr);
  });

  test('with keepState goes on, whether it counts its epochs on or from 0', async () => {
    for (const initialEpoch of [0, 2]) {
      const callback = lrCallback(spec, { keepState: true, epochs: 4 });
      const first = await fit(callback, { epochs: 2 });
      const second = await fit(callback, { epochs: initialEpoch + 2, initialEpoch }, first.model);
      expect([...first.lr, ...second.lr]).toEqual([0.08, 0.08, 0.04, 0.02]);
    }
  });

  test('with initialEpoch goes on at the step that comes next', async () => {
    const callback = lrCallback(CYCLIC);
    const { model } = await fit(callback, { epochs: 2 });
    const { weights } = await fit(callback, { epochs: 4, initialEpoch: 2 }, model);
    expect(weights).toEqual(await trainByHand(tf.train.sgd(0.5), stepsOf(CYCLIC)));
  });
});

test('the strategy is told the steps of the training part and the epochs of fit', async () => {
  const start = vi.fn(() => null);
  const strategy = { start, controls: () => ({ learningRate: 0.1 }), observe: () => null };
  await fit(lrCallback(strategy), { validationSplit: 0.4 });
  expect(start).toHaveBeenLastCalledWith({ stepsPerEpoch: 2, epochs: EPOCHS });
  await fit(lrCallback(strategy, { epochs: 9 }), { shuffle: true, batchSize: 20 });
  expect(start).toHaveBeenLastCalledWith({ stepsPerEpoch: 1, epochs: 9 });
});

test('a training that stops within an epoch is left alone', async () => {
  const model = smallModel();
  const stopper = new tf.CustomCallback({
    onBatchEnd: async () => {
      model.stopTraining = true;
    },
  });
  const callback = lrCallback(CYCLIC);
  const { lr } = await fit(callback, { callbacks: [callback, stopper] }, model);
  expect(lr).toEqual([stepsOf(CYCLIC)[0]!.lr]);
});

test('no tensor is left behind by a training more than by one without the callback', async () => {
  for (const name of OPTIMIZER_NAMES) {
    const model = smallModel(OPTIMIZERS[name]());
    const { xs, ys } = smallData();
    const options = { ...FIT, epochs: 2, validationSplit: 0.4 };
    const momentum = /^(momentum|adam)/.test(name) ? { base_momentum: 0.5, max_momentum: 0.9 } : {};
    const callbacks = [
      lrCallback({ ...CYCLIC, ...momentum }),
      lrCallback({ ...PLATEAU, monitor: 'val_loss' }),
    ];
    await model.fit(xs, ys, { ...options, callbacks });
    const before = tf.memory().numTensors;
    await model.fit(xs, ys, options);
    const without = tf.memory().numTensors - before;
    await model.fit(xs, ys, { ...options, callbacks });
    expect(tf.memory().numTensors - before).toBe(2 * without);
  }
});

type Item = { xs: tf.Tensor; ys: tf.Tensor };

function dataset(): tf.data.Dataset<tf.TensorContainer> {
  const { xs, ys } = smallData();
  const parts = { xs: tf.data.array(xs.arraySync()), ys: tf.data.array(ys.arraySync()) };
  return tf.data.zip(parts).batch(8);
}

/** One that does not know its size. */
function generated(): tf.data.Dataset<tf.TensorContainer> {
  const { xs, ys } = smallData();
  const batches = [0, 8, 16].map((from) => {
    const size = Math.min(8, 20 - from);
    return [xs.slice(from, size), ys.slice(from, size)] as const;
  });
  return tf.data.generator(function* items(): Generator<Item> {
    for (const [x, y] of batches) yield { xs: tf.keep(x.clone()), ys: tf.keep(y.clone()) };
  } as never);
}

async function fitOn(
  data: tf.data.Dataset<tf.TensorContainer>,
  callback: ReturnType<typeof lrCallback>,
  more: Partial<tf.ModelFitDatasetArgs<tf.TensorContainer>> = {},
): Promise<number[]> {
  const model = smallModel();
  await model.fitDataset(data, {
    epochs: EPOCHS,
    callbacks: [callback],
    ...more,
  });
  return weightsOf(model);
}

describe('fitDataset', () => {
  test.each([
    ['that knows its size', dataset, {}, {}],
    ['with batchesPerEpoch', () => dataset().repeat(), {}, { batchesPerEpoch: 3 }],
    ['with the option stepsPerEpoch', generated, { stepsPerEpoch: 3 }, {}],
  ])('on a dataset %s trains as by hand', async (_name, make, options, more) => {
    const spec = { ...CYCLIC, step_size: '1 epoch' };
    const weights = await fitOn(make(), lrCallback(spec, options), more);
    expect(weights).toEqual(await trainByHand(tf.train.sgd(0.5), stepsOf(spec)));
  });

  test('on a dataset of unknown size drives strategies that count in steps', async () => {
    const weights = await fitOn(generated(), lrCallback(CYCLIC));
    expect(weights).toEqual(await trainByHand(tf.train.sgd(0.5), stepsOf(CYCLIC)));
    await fitOn(generated(), lrCallback(PLATEAU));
  });

  test('on a dataset of unknown size refuses strategies that count in epochs', async () => {
    const words = /how many steps an epoch has.*stepsPerEpoch/s;
    await expect(fitOn(generated(), lrCallback(STAIRS))).rejects.toThrow(words);
    const late = fitOn(generated(), lrCallback(CYCLIC), { initialEpoch: 1 });
    await expect(late).rejects.toThrow(/begins at epoch 1.*stepsPerEpoch/);
  });

  test.each([
    [2, /goes beyond the 2 steps/],
    [4, /epoch 0 had 3 steps, but 4/],
  ])('with %i said steps instead of 3 ends in an error', async (stepsPerEpoch, words) => {
    const callback = lrCallback(STAIRS, { stepsPerEpoch });
    await expect(fitOn(generated(), callback)).rejects.toThrow(words);
  });
});

describe('is refused in words', () => {
  test('a spec with several problems, all at once, with those of the options', () => {
    const spec = { ...CYCLIC, base_lr: -1, stepsize: 3 };
    expect(() => lrCallback(spec, { stepsPerEpoch: 0.5, epochs: 0 })).toThrow(
      /stepsize: .*step_size.*base_lr: .*stepsPerEpoch: received 0.5.*epochs: received 0/s,
    );
  });

  test('a misspelt option', () => {
    const options = { stepsPerEpch: 3 };
    expect(() => lrCallback(CYCLIC, options as never)).toThrow(/did you mean stepsPerEpoch\?/);
  });

  test('a ready-made strategy with wrong options', () => {
    expect(() => lrCallback(createStrategy(CYCLIC), { epochs: 1.5 })).toThrow(/epochs/);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a learning rate of %s', async (rate) => {
    await expect(fit(lrCallback(listed([0.1, rate])))).rejects.toThrow(
      `gave ${rate} as the learning rate of step 1`,
    );
  });

  test('a strategy that ends before the training', async () => {
    await expect(fit(lrCallback(listed([0.1, 0.1])))).rejects.toThrow(/undefined.*of step 2/);
  });

  test('a momentum that the optimizer lacks', async () => {
    const callback = lrCallback({ ...CYCLIC, base_momentum: 0.5, max_momentum: 0.9 });
    await expect(fit(callback)).rejects.toThrow(/moves the momentum, but the optimizer SGD/);
  });

  test('another number of steps than fit takes', async () => {
    await expect(fit(lrCallback(CYCLIC, { stepsPerEpoch: 4 }))).rejects.toThrow(
      /received 4, but fit takes 3/,
    );
  });

  test('a model that is not compiled', async () => {
    const callback = lrCallback(CYCLIC);
    callback.setModel({} as never);
    await expect(callback.onTrainBegin()).rejects.toThrow(/compile it before fit/);
  });
});

test('the learning rate in force after training is that of the last step', async () => {
  const { model } = await fit(lrCallback(CYCLIC));
  const controls = toControls(model.optimizer);
  expect(await controls.readLearningRate()).toBe(stepsOf(CYCLIC).at(-1)!.lr);
});
