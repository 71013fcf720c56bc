// A compiled model of TensorFlow.js, seen as three functions: check data, train on a batch, evaluate a batch. It is the one place
// that uses what the library's declarations hide. Promise: a step is the arithmetic of the library's own `trainOnBatch`, and an
// evaluation that of its `evaluate`, without their waiting for the device after every batch.

import type * as tf from '@tensorflow/tfjs';

import type { Samples, Training } from './define-trial.ts';

/** Inputs and targets in the order of the model's inputs and outputs. */
export type Checked = {
  readonly inputs: readonly tf.Tensor[];
  readonly targets: readonly tf.Tensor[];
};

/** What training needs of a model. */
export type CompiledModel = {
  /** Names of the values that `train` and `evaluate` return, in their order. */
  readonly names: readonly string[];
  /** The tensors in the model's order and rank; throws in the library's words where they do not fit the model. */
  check(samples: Samples): Checked;
  /** One optimizer step; returns the loss, with regularisers, and the metrics of the batch. Tidy before and after. */
  train(batch: readonly tf.Tensor[]): tf.Scalar[];
  /** The loss, without regularisers, and the metrics of a batch in inference mode. */
  evaluate(batch: readonly tf.Tensor[]): tf.Scalar[];
};

/** Protected in the declarations, present in 4.22, which the package pins. */
type Hidden = {
  makeTrainFunction(): (data: readonly tf.Tensor[]) => tf.Scalar[];
  makeTestFunction(): void;
  testFunction(data: readonly tf.Tensor[]): tf.Scalar[];
  standardizeUserDataXY(xs: unknown, ys: unknown): [tf.Tensor[], tf.Tensor[]];
  readonly metricsNames: readonly string[];
};

/** Compiles the model with the optimizer and the training's losses and metrics. */
export function compileModel(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  training: Training,
): CompiledModel {
  const { loss, metrics } = training;
  model.compile(metrics === undefined ? { optimizer, loss } : { optimizer, loss, metrics });
  const hidden = toHidden(model);
  hidden.makeTestFunction();
  // With several outputs the library's test function puts the running sums of the loss first; the last of them is the loss.
  const surplus = model.outputs.length - 1;
  return {
    names: hidden.metricsNames.map((name) => toWritten(name, metrics)),
    check: ({ xs, ys }) => {
      const [inputs, targets] = hidden.standardizeUserDataXY(xs, ys);
      return { inputs, targets };
    },
    train: hidden.makeTrainFunction(),
    evaluate: (batch) => {
      const values = hidden.testFunction(batch);
      for (const value of values.splice(0, surplus)) value.dispose();
      return values;
    },
  };
}

/** A Sequential trains through a model within. */
function toHidden(model: tf.LayersModel): Hidden {
  const within: Hidden | undefined = Reflect.get(model, 'model');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the declarations call protected is there
  return within ?? (model as unknown as Hidden);
}

/** The library reports `accuracy` as `acc` and `crossentropy` as `ce`; a metric keeps the name that the user wrote. */
function toWritten(name: string, metrics: Training['metrics']): string {
  const written = new Set(toNames(metrics));
  if (/(^|_)acc$/.test(name) && written.has('accuracy')) return name.replace(/acc$/, 'accuracy');
  if (/(^|_)ce$/.test(name) && written.has('crossentropy'))
    return name.replace(/ce$/, 'crossentropy');
  return name;
}

function toNames(metrics: unknown): string[] {
  if (typeof metrics === 'string') return [metrics];
  return typeof metrics === 'object' && metrics !== null
    ? Object.values(metrics).flatMap(toNames)
    : [];
}
