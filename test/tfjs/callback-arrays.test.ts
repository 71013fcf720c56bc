// That a callback works however the library calls it: alone, among others, torn from its object, from another copy.

import { createRequire } from 'node:module';

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import {
  CyclicLR,
  type FitCallback,
  LearningRateScheduler,
  lrCallback,
  ReduceLROnPlateau,
} from '../../src/tfjs/index.ts';
import { toControls } from '../../src/trial/optimizer-controls.ts';
import { runStrategy } from '../lr/run-strategy.ts';
import { FIT, smallData, smallModel, STEPS, trainByHand, weightsOf } from './small-fit.ts';

const SPEC = { strategy: 'step', lr: 0.1, step_size: 1, gamma: 0.5 };
const EPOCHS = 3;
const RATES = [0.1, 0.05, 0.025];

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  tf.engine().startScope();
});
afterEach(() => {
  tf.engine().endScope();
  vi.restoreAllMocks();
});

type Callbacks = NonNullable<tf.ModelFitArgs['callbacks']>;

async function fit(
  callbacks: Callbacks,
  model: tf.LayersModel = smallModel(),
): Promise<tf.History['history']> {
  const { xs, ys } = smallData();
  const { history } = await model.fit(xs, ys, { ...FIT, epochs: EPOCHS, callbacks });
  return history;
}

function byHand(): Promise<number[]> {
  const { lr } = runStrategy(SPEC, { stepsPerEpoch: STEPS, epochs: EPOCHS });
  return trainByHand(
    tf.train.sgd(0.5),
    lr.map((rate) => ({ lr: rate })),
  );
}

/** The hooks of a plain object, among which a class callback has its own torn off. */
function mixed(callback: FitCallback): Callbacks {
  return [{ onEpochEnd: async () => undefined }, callback];
}

function someOther(): tf.CustomCallback {
  return new tf.CustomCallback({ onEpochEnd: async () => undefined });
}

test('alone, without an array, it works', async () => {
  expect((await fit(lrCallback(SPEC)))['lr']).toEqual(RATES);
});

test('alone, it lets the event loop turn while the training runs', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
  const order: string[] = [];
  setTimeout(() => order.push('timer'), 0);
  await fit([lrCallback(SPEC)]);
  expect([...order, 'trained']).toEqual(['timer', 'trained']);
});

test('among class callbacks it works, whatever their order', async () => {
  const stopping = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 9 });
  const models = [smallModel(), smallModel()] as const;
  await fit([lrCallback(SPEC), someOther(), stopping], models[0]);
  await fit([someOther(), stopping, lrCallback(SPEC)], models[1]);
  expect(models.map(weightsOf)).toEqual([await byHand(), await byHand()]);
});

test('behind a plain object it says what to do', async () => {
  await expect(fit(mixed(lrCallback(SPEC)))).rejects.toThrow(
    /new tf\.CustomCallback\(.*option model/,
  );
});

test('behind a plain object it works if it is given the model', async () => {
  const model = smallModel();
  expect((await fit(mixed(lrCallback(SPEC, { model })), model))['lr']).toEqual(RATES);
  expect(weightsOf(model)).toEqual(await byHand());
});

test('behind a plain object it never drives the model of an earlier fit', async () => {
  const callback = lrCallback(SPEC);
  await fit(callback);
  await expect(fit(mixed(callback))).rejects.toThrow(/which model it trains/);
});

test('the model that the library names is believed, not the one that was given', async () => {
  const [given, told] = [smallModel(), smallModel()];
  await fit(lrCallback(SPEC, { model: given }), told);
  expect(weightsOf(told)).toEqual(await byHand());
  expect(await toControls(given.optimizer).readLearningRate()).toBe(0.5);
});

test('the Keras names work behind a plain object too', async () => {
  const model = smallModel();
  const plateau = new ReduceLROnPlateau({
    model,
    monitor: 'loss',
    minDelta: 1000,
    patience: 1,
    factor: 0.5,
  });
  expect((await fit(mixed(plateau), model))['lr']).toEqual([0.5, 0.5, 0.25]);
  const decay = new LearningRateScheduler((_epoch, lr) => lr / 2, 0, { model });
  expect((await fit(mixed(decay), model))['lr']).toEqual([0.0625, 0.03125, 0.015625]);
  const cyclic = new CyclicLR({ model, baseLr: 0.1, maxLr: 0.2, stepSize: 2 });
  expect((await fit(mixed(cyclic), model))['lr']).toEqual([0.2, 0.15000000000000002, 0.1]);
});

test('two of them share a training, and history has what each epoch was trained with', async () => {
  const decay = new LearningRateScheduler((epoch, lr) => (epoch === 1 ? 0.25 : lr));
  const plateau = new ReduceLROnPlateau({
    monitor: 'loss',
    minDelta: 1000,
    patience: 1,
    factor: 0.5,
  });
  for (const callbacks of [
    [decay, plateau],
    [plateau, decay],
  ]) {
    expect((await fit(callbacks))['lr']).toEqual([0.5, 0.25, 0.125]);
  }
});

test('a metric that the user named lr stays', async () => {
  const custom = new tf.CustomCallback({
    onEpochEnd: async (_epoch, logs) => void Object.assign(logs!, { lr: 7 }),
  });
  expect((await fit([custom, lrCallback(SPEC)]))['lr']).toEqual([7, 7, 7]);
});

/** A second copy of the library, as an installation of the user's own gives. */
function secondCopy(): typeof tf {
  const require = createRequire(import.meta.url);
  const kept = { ...require.cache };
  for (const path of Object.keys(require.cache)) {
    if (/@tensorflow\/tfjs-(core|layers)\//.test(path)) delete require.cache[path];
  }
  const copy = {
    ...require('@tensorflow/tfjs-core'),
    ...require('@tensorflow/tfjs-layers'),
  } as typeof tf;
  Object.assign(require.cache, kept);
  return copy;
}

test('with a model of another copy of the library it works if it is given the model', async () => {
  vi.spyOn(console, 'warn').mockReturnValue();
  const theirs = secondCopy();
  expect(theirs.Callback).not.toBe(tf.Callback);
  const layers = [theirs.layers.dense({ units: 1, inputShape: [4], name: 'theirs' })];
  const model = theirs.sequential({ layers });
  const optimizer = theirs.train.momentum(0.5, 0.9);
  model.compile({ optimizer, loss: 'meanSquaredError' });
  await expect(fit(lrCallback(SPEC), model)).rejects.toThrow(/another copy of TensorFlow\.js/);
  const cyclic = {
    strategy: 'cyclic',
    base_lr: 0.1,
    max_lr: 0.2,
    step_size: 2,
    base_momentum: 0.5,
    max_momentum: 0.9,
  };
  const history = await fit([lrCallback(cyclic, { model })], model);
  expect(history['lr']).toEqual([0.2, 0.15000000000000002, 0.1]);
  expect(await toControls(optimizer).readMomentum()).toBe(0.9);
});
