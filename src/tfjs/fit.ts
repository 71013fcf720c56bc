// What the library says about a training: the model, and how long `fit` or `fitDataset` will train.
// Promise: what it does not say is absent here, never guessed.

import type * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';

/** A compiled `tf.LayersModel` of any copy and version of TensorFlow.js, whose classes TypeScript takes for strangers. */
export type FittedModel = { readonly optimizer: object };

/** A training as it begins. */
export type Fit = {
  readonly optimizer: tf.Optimizer;
  /** The epoch before which training ends: `epochs` of `fit`. */
  readonly epochs: number | undefined;
  /** Absent for a dataset that does not know its size. */
  readonly stepsPerEpoch: number | undefined;
};

const NO_MODEL =
  'TensorFlow.js did not tell this callback which model it trains. That is so when the first element of `callbacks` is a ' +
  'plain object (wrap it: new tf.CustomCallback({ … })), and when the model comes from another copy of TensorFlow.js ' +
  'than the one beside espalier. Or name the model yourself with the option model';

/**
 * Reads what the library hands to callbacks. Steps of an epoch are batches; the last one may be smaller.
 *
 * @throws EspalierError `invalid` if there is no model, or it is not compiled
 */
export function toFit(model: unknown, params: unknown): Fit {
  if (model === undefined) throw new EspalierError('invalid', NO_MODEL);
  if (!isCompiled(model)) {
    throw new EspalierError('invalid', 'the model has no optimizer: compile it before fit');
  }
  const { epochs, steps, samples, batchSize } = toNumbers(params);
  const counted =
    samples === undefined || batchSize === undefined ? undefined : Math.ceil(samples / batchSize);
  return { optimizer: model.optimizer, epochs, stepsPerEpoch: steps ?? counted };
}

function isCompiled(model: unknown): model is { readonly optimizer: tf.Optimizer } {
  return (
    typeof model === 'object' &&
    model !== null &&
    'optimizer' in model &&
    typeof model.optimizer === 'object' &&
    model.optimizer !== null
  );
}

/** The numbers among the values of an object. */
function toNumbers(values: unknown): Readonly<Record<string, number | undefined>> {
  const entries = Object.entries(values ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
