// What a trial of the managed level is resumed from: the model as TensorFlow.js saves it (`model.json`, `weights.bin`, which any
// program that reads its layers models can load) and the optimizer's whole state (`optimizer.json`, `optimizer.bin`).
// Promise: a trial restored in a new process goes on bit for bit, and one that does not fit is refused before anything is changed.
// The library's own optimizer state does not resume so: its Adam recomputes products of betas as powers, its Adamax cannot be read
// at all, and neither holds a momentum that was moved; so the fields are copied as they are.

import assert from 'node:assert/strict';

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';
import { toJsonNumber } from '../domain/json-number.ts';
import {
  decodeTensors,
  encodeTensors,
  type Fields,
  type Files,
  isFields,
  parseTensorSpecs,
  readBytes,
  readJson,
  type TensorSpec,
  writeFiles,
} from './checkpoint-files.ts';
import type { OptimizerControls } from './optimizer-controls.ts';
import {
  assignState,
  hyperparametersOf,
  isKnownOptimizer,
  namedState,
  stateShapes,
} from './optimizer-state.ts';
import { toStableJson } from './stable-names.ts';

/** What is trained. */
export type Trainee = {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly controls: OptimizerControls;
};

/** `optimizer.json`: all of the optimizer that is not a tensor, and what lies in `optimizer.bin`. */
type SavedOptimizer = {
  readonly optimizer: string;
  readonly hyperparameters: object;
  readonly iterations: number;
  /** The one in force, where the optimizer has any; a strategy may have moved it. */
  readonly momentum?: number;
  readonly specs: readonly TensorSpec[];
};

/**
 * Whether the whole state is known: that of an optimizer of the user's own making is not, nor what a recurrent layer with
 * `stateful: true` carries from batch to batch.
 */
export function isSavable({ model, optimizer }: Trainee): boolean {
  return isKnownOptimizer(optimizer) && !model.stateful;
}

/** Writes model and optimizer into an empty folder. */
export async function saveCheckpoint(folder: string, trainee: Trainee): Promise<void> {
  const [model, optimizer] = await Promise.all([toModelFiles(trainee), toOptimizerFiles(trainee)]);
  await writeFiles(folder, { ...model, ...optimizer });
}

/**
 * Reads what {@link saveCheckpoint} has written into a model and an optimizer built the same way.
 *
 * @throws EspalierError `conflict` where the checkpoint is of another model or optimizer, `storage` where it is not whole
 */
export async function restoreCheckpoint(folder: string, trainee: Trainee): Promise<void> {
  const [weightSpecs, weightBytes, saved, stateBytes] = await Promise.all([
    readJson(folder, 'model.json', parseWeightSpecs),
    readBytes(folder, 'weights.bin'),
    readJson(folder, 'optimizer.json', parseOptimizer),
    readBytes(folder, 'optimizer.bin'),
  ]);
  const { model, optimizer, controls } = trainee;
  checkOptimizer(folder, saved, optimizer);
  tf.tidy(() => {
    const weights = { folder, part: 'the model', specs: weightSpecs, bytes: weightBytes };
    const state = { folder, part: 'the optimizer', specs: saved.specs, bytes: stateBytes };
    const values = decodeTensors(weights, model.weights);
    const stateValues = decodeTensors(
      state,
      stateShapes(optimizer, model.trainableWeights, saved.iterations),
    );
    assignWeights(model, values);
    assignState(optimizer, saved.iterations, stateValues);
  });
  // Through the controls, which remember what they set last.
  if (saved.momentum !== undefined) controls.setMomentum(saved.momentum);
}

async function toModelFiles({ model }: Trainee): Promise<Files> {
  let files: Files = {};
  await model.save(
    tf.io.withSaveHandler(({ weightData, weightSpecs, ...rest }) => {
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs ?? [] }];
      files = {
        'model.json': toStableJson({ ...rest, weightsManifest }),
        'weights.bin': new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData)),
      };
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' },
      });
    }),
  );
  return files;
}

async function toOptimizerFiles({ optimizer, controls }: Trainee): Promise<Files> {
  const [{ specs, bytes }, momentum] = await Promise.all([
    encodeTensors(namedState(optimizer)),
    controls.readMomentum(),
  ]);
  const saved = {
    optimizer: optimizer.getClassName(),
    hyperparameters: hyperparametersOf(optimizer),
    iterations: optimizer.iterations,
    ...(momentum !== undefined && { momentum: toJsonNumber(momentum) }),
    specs,
  };
  return { 'optimizer.json': JSON.stringify(saved), 'optimizer.bin': bytes };
}

/** By order: two weights may have one name. */
function assignWeights(model: tf.LayersModel, values: readonly tf.Tensor[]): void {
  model.weights.forEach((weight, at) => {
    // Not through `weight.write` or `model.setWeights`: they apply the layer's constraint, which training does not.
    const variable = weight.read();
    const value = values[at];
    assert(variable instanceof tf.Variable && value !== undefined);
    variable.assign(value);
  });
}

function checkOptimizer(folder: string, saved: SavedOptimizer, optimizer: tf.Optimizer): void {
  const was = `${saved.optimizer} ${JSON.stringify(saved.hyperparameters)}`;
  const is = `${optimizer.getClassName()} ${JSON.stringify(hyperparametersOf(optimizer))}`;
  if (was === is) return;
  throw new EspalierError('conflict', `the checkpoint in ${folder} is of ${was}, not of ${is}`);
}

function parseWeightSpecs(model: Fields): readonly TensorSpec[] {
  const { weightsManifest } = model;
  const first: unknown = Array.isArray(weightsManifest) ? weightsManifest[0] : undefined;
  return parseTensorSpecs(isFields(first) ? first['weights'] : undefined);
}

function parseOptimizer(fields: Fields): SavedOptimizer {
  const { optimizer, hyperparameters, iterations, momentum, specs } = fields;
  if (typeof optimizer !== 'string' || !isFields(hyperparameters) || typeof iterations !== 'number')
    throw new TypeError('there is no optimizer');
  return {
    optimizer,
    hyperparameters,
    iterations,
    ...(momentum !== undefined && { momentum: Number(momentum) }),
    specs: parseTensorSpecs(specs),
  };
}
