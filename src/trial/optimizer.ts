// Optimizers by name, with the hyperparameters spelled as Keras spells them.
// Promise: the same seven that TensorFlow.js has, with its defaults; the learning rate is always the strategy's.

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';

/** An optimizer with hyperparameters. What is left out has the default of TensorFlow.js; `momentum` is 0.9. */
export type OptimizerSpec =
  | { readonly name: 'sgd' }
  | { readonly name: 'momentum'; readonly momentum?: number; readonly nesterov?: boolean }
  | {
      readonly name: 'adam';
      readonly beta_1?: number;
      readonly beta_2?: number;
      readonly epsilon?: number;
    }
  | {
      readonly name: 'adamax';
      readonly beta_1?: number;
      readonly beta_2?: number;
      readonly epsilon?: number;
      readonly decay?: number;
    }
  | {
      readonly name: 'rmsprop';
      readonly rho?: number;
      readonly momentum?: number;
      readonly epsilon?: number;
      readonly centered?: boolean;
    }
  | { readonly name: 'adagrad'; readonly initial_accumulator_value?: number }
  | { readonly name: 'adadelta'; readonly rho?: number; readonly epsilon?: number };

/** Names of optimizers. */
export type OptimizerName = OptimizerSpec['name'];

/** What each optimizer takes; a table, since the config of a sweep file arrives unchecked. */
const FIELDS: Readonly<Record<OptimizerName, readonly string[]>> = {
  sgd: [],
  momentum: ['momentum', 'nesterov'],
  adam: ['beta_1', 'beta_2', 'epsilon'],
  adamax: ['beta_1', 'beta_2', 'epsilon', 'decay'],
  rmsprop: ['rho', 'momentum', 'epsilon', 'centered'],
  adagrad: ['initial_accumulator_value'],
  adadelta: ['rho', 'epsilon'],
};

/** Holds until the first step sets the strategy's. */
const NO_LEARNING_RATE = 0;

/**
 * The optimizer of a trial; one that the user has made is taken as it is.
 *
 * @throws EspalierError `invalid` for a name or a hyperparameter that does not exist
 */
export function toOptimizer(given: OptimizerName | OptimizerSpec | tf.Optimizer): tf.Optimizer {
  if (given instanceof tf.Optimizer) return given;
  const spec = typeof given === 'string' ? { name: given } : given;
  checkSpec(spec);
  return create(spec);
}

function create(spec: OptimizerSpec): tf.Optimizer {
  const rate = NO_LEARNING_RATE;
  switch (spec.name) {
    case 'sgd':
      return tf.train.sgd(rate);
    case 'momentum':
      return tf.train.momentum(rate, spec.momentum ?? 0.9, spec.nesterov);
    case 'adam':
      return tf.train.adam(rate, spec.beta_1, spec.beta_2, spec.epsilon);
    case 'adamax':
      return tf.train.adamax(rate, spec.beta_1, spec.beta_2, spec.epsilon, spec.decay);
    case 'rmsprop':
      return tf.train.rmsprop(rate, spec.rho, spec.momentum, spec.epsilon, spec.centered);
    case 'adagrad':
      return tf.train.adagrad(rate, spec.initial_accumulator_value);
    case 'adadelta':
      return tf.train.adadelta(rate, spec.rho, spec.epsilon);
  }
}

function checkSpec(spec: OptimizerSpec): void {
  if (!Object.hasOwn(FIELDS, spec.name)) {
    throw new EspalierError(
      'invalid',
      `there is no optimizer ${JSON.stringify(spec.name)}; there are ${Object.keys(FIELDS).join(', ')}, or give a tf.Optimizer`,
    );
  }
  const known = FIELDS[spec.name];
  const unknown = Object.keys(spec).filter((field) => field !== 'name' && !known.includes(field));
  if (unknown.length === 0) return;
  const advice = unknown.some((field) => /^(lr|learning_?rate)$/i.test(field))
    ? 'the learning rate is set by the strategy in the sweep file'
    : known.length > 0
      ? `it takes ${known.join(', ')}`
      : 'it takes none';
  throw new EspalierError(
    'invalid',
    `optimizer ${spec.name} has no hyperparameter ${unknown.join(', ')}: ${advice}`,
  );
}
