// Sets learning rate and momentum of a TensorFlow.js optimizer between steps, and reads back what is in force.
// Promise: what is set here is what the next step uses. The library has three traps, found by execution on 4.22: assigning
// `learningRate` to sgd or momentum changes the field but not the cached scalar that is used; the others have no
// setLearningRate at all; and setMomentum changes the field but not the cached scalar. And `instanceof` says yes to any two
// optimizers, so that their fields must tell them apart. Nothing of the library is imported: an optimizer of any copy will do.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';

/** What a strategy moves. */
export type OptimizerControls = {
  setLearningRate(value: number): void;
  /** Momentum; for Adam and Adamax beta 1, as in PyTorch's cyclic schedulers. */
  setMomentum(value: number): void;
  /** The learning rate in force; one read from the device for sgd and momentum. */
  readLearningRate(): Promise<number>;
  /** The momentum in force, if the optimizer has any. */
  readMomentum(): Promise<number | undefined>;
};

/** Fields that the declarations call protected, or leave out. */
type Fields = {
  learningRate?: number;
  momentum?: number;
  beta1?: number;
  setLearningRate?(value: number): void;
  /** The negative learning rate of sgd and momentum. */
  c?: tf.Scalar;
  /** The momentum of momentum. */
  m?: tf.Scalar | undefined;
};

/**
 * The controls of an optimizer. Values are set only where they differ from the last ones.
 *
 * @throws EspalierError `invalid` for an optimizer of the user's own making that has no learning rate to set
 */
export function toControls(optimizer: tf.Optimizer): OptimizerControls {
  const rate = learningRateOf(optimizer);
  return {
    setLearningRate: whenChanged((value) => rate.set(value)),
    setMomentum: whenChanged((value) => setMomentum(optimizer, value)),
    readLearningRate: () => rate.read(),
    readMomentum: () => readMomentum(toFields(optimizer)),
  };
}

function whenChanged(set: (value: number) => void): (value: number) => void {
  let last: number | undefined;
  return (value) => {
    if (Object.is(value, last)) return;
    set(value);
    last = value;
  };
}

type Rate = { set(value: number): void; read(): Promise<number> };

function learningRateOf(optimizer: tf.Optimizer): Rate {
  const fields = toFields(optimizer);
  if (fields.setLearningRate !== undefined) {
    return {
      set: (value) => fields.setLearningRate?.(value),
      read: async () => -(await readCached(fields.c, -(fields.learningRate ?? Number.NaN))),
    };
  }
  if (typeof fields.learningRate !== 'number') {
    throw new EspalierError(
      'invalid',
      `the optimizer ${optimizer.getClassName()} has no numeric learningRate, so no strategy can drive it`,
    );
  }
  return {
    set: (value) => {
      fields.learningRate = value;
    },
    read: () => Promise.resolve(fields.learningRate ?? Number.NaN),
  };
}

/** What the field says, if the cached scalar agrees with it, and else the scalar: it is what the steps use, in float32. */
async function readCached(cached: tf.Scalar | undefined, said: number): Promise<number> {
  if (cached === undefined) return said;
  const [used = Number.NaN] = await cached.data();
  return Math.fround(said) === used ? said : used;
}

async function readMomentum({ m, beta1, momentum }: Fields): Promise<number | undefined> {
  if (m !== undefined) return readCached(m, momentum ?? Number.NaN);
  return beta1 ?? momentum;
}

function setMomentum(optimizer: tf.Optimizer, value: number): void {
  const fields = toFields(optimizer);
  if (fields.m !== undefined) {
    fields.m.dispose();
    fields.m = toKeptScalar(fields, value);
    fields.momentum = value;
  } else if (typeof fields.beta1 === 'number') {
    fields.beta1 = value;
  } else if (typeof fields.momentum === 'number') {
    fields.momentum = value;
  } else {
    throw new EspalierError(
      'invalid',
      `the strategy moves the momentum, but the optimizer ${optimizer.getClassName()} has none: ` +
        'use momentum, rmsprop, adam or adamax, or switch the cycling of momentum off in the strategy',
    );
  }
}

/** A scalar that lives on, made by the optimizer's own copy of the library: what `setLearningRate` caches is the negative. */
function toKeptScalar(fields: Fields, value: number): tf.Scalar | undefined {
  const { c, learningRate = Number.NaN } = fields;
  delete fields.c;
  fields.setLearningRate?.(-value);
  const made = fields.c;
  Object.assign(fields, { c, learningRate });
  return made;
}

/** The one place where the optimizer's declarations are overruled. */
function toFields(optimizer: tf.Optimizer): Fields {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field is optional, and looked at before it is used
  return optimizer as unknown as Fields;
}

/** Disposes what an optimizer holds; the library's own `dispose` of momentum forgets the cached learning rate. */
export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  const { c } = toFields(optimizer);
  if (c?.isDisposed === false) c.dispose();
}
