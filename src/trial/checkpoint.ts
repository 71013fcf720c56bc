// What a trial of the managed level is resumed from: the model as TensorFlow.js saves it (`model.json`, `weights.bin`, which any
// program that reads its layers models can load) and the optimizer's whole state (`optimizer.json`, `optimizer.bin`).
// Promise: a trial restored in a new process goes on bit for bit. The library's own optimizer state does not: its Adam recomputes
// products of betas as powers, and its Adamax cannot be read at all; so the fields are copied as they are.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';

import { EspalierError } from '../domain/errors.ts';

/** Where each optimizer keeps its state: lists of one variable a weight, and single variables. */
const STATE: Readonly<Record<string, Layout>> = {
  SGD: { slots: [], scalars: [] },
  Momentum: { slots: ['accumulations'], scalars: [] },
  Adam: {
    slots: ['accumulatedFirstMoment', 'accumulatedSecondMoment'],
    scalars: ['accBeta1', 'accBeta2'],
  },
  Adamax: {
    slots: ['accumulatedFirstMoment', 'accumulatedWeightedInfNorm'],
    scalars: ['iteration', 'accBeta1'],
  },
  RMSProp: {
    slots: ['accumulatedMeanSquares', 'accumulatedMoments', 'accumulatedMeanGrads'],
    scalars: [],
  },
  Adagrad: { slots: ['accumulatedGrads'], scalars: [] },
  Adadelta: { slots: ['accumulatedGrads', 'accumulatedUpdates'], scalars: [] },
};

type Layout = { readonly slots: readonly string[]; readonly scalars: readonly string[] };
type State = { readonly name: string; readonly tensor: tf.Tensor };
type Slot = { readonly originalName: string; readonly variable: tf.Variable };
type Saved = {
  readonly optimizer: string;
  readonly iterations: number;
  readonly specs: tf.io.WeightsManifestEntry[];
};

/** Whether this optimizer's whole state is known; one of the user's own making is not. */
export function isSavable(optimizer: tf.Optimizer): boolean {
  return Object.hasOwn(STATE, optimizer.getClassName());
}

/** Writes model and optimizer into an empty folder. */
export async function saveCheckpoint(
  folder: string,
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
): Promise<void> {
  const name = optimizer.getClassName();
  const state = namedState(optimizer);
  await model.save(tf.io.withSaveHandler((artifacts) => writeModel(folder, artifacts)));
  const { data, specs } = await tf.io.encodeWeights(state);
  const saved: Saved = { optimizer: name, iterations: optimizer.iterations, specs };
  await writeFile(join(folder, 'optimizer.bin'), Buffer.from(data));
  await writeFile(join(folder, 'optimizer.json'), JSON.stringify(saved));
}

/**
 * Reads what {@link saveCheckpoint} has written into a model and an optimizer built the same way.
 *
 * @throws EspalierError `conflict` where the checkpoint is of another optimizer
 */
export async function restoreCheckpoint(
  folder: string,
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
): Promise<void> {
  const [manifest] = (await readJson<ModelFile>(folder, 'model.json')).weightsManifest;
  const weights = tf.io.decodeWeights(
    await readBytes(folder, 'weights.bin'),
    manifest?.weights ?? [],
  );
  // By order: names hold counters that differ from one model of a process to the next.
  model.setWeights(Object.values(weights));
  tf.dispose(weights);
  const saved = await readJson<Saved>(folder, 'optimizer.json');
  if (saved.optimizer !== optimizer.getClassName()) {
    throw new EspalierError(
      'conflict',
      `the checkpoint in ${folder} is of ${saved.optimizer}, not of ${optimizer.getClassName()}`,
    );
  }
  restoreState(
    optimizer,
    saved,
    tf.io.decodeWeights(await readBytes(folder, 'optimizer.bin'), saved.specs),
  );
}

type ModelFile = {
  readonly weightsManifest: readonly { readonly weights: tf.io.WeightsManifestEntry[] }[];
};

async function writeModel(
  folder: string,
  artifacts: tf.io.ModelArtifacts,
): Promise<tf.io.SaveResult> {
  const { weightData, weightSpecs, ...rest } = artifacts;
  const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs ?? [] }];
  const bytes = tf.io.CompositeArrayBuffer.join(weightData);
  await writeFile(join(folder, 'weights.bin'), Buffer.from(bytes));
  await writeFile(join(folder, 'model.json'), JSON.stringify({ ...rest, weightsManifest }));
  return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
}

function namedState(optimizer: tf.Optimizer): State[] {
  const { slots, scalars } = layoutOf(optimizer);
  return [
    ...slots.flatMap((slot) =>
      slotsOf(optimizer, slot).map(({ variable }, at) => ({
        name: `${slot}/${at}`,
        tensor: variable,
      })),
    ),
    ...scalars.map((scalar) => ({ name: scalar, tensor: scalarOf(optimizer, scalar) })),
  ];
}

function restoreState(optimizer: tf.Optimizer, saved: Saved, tensors: tf.NamedTensorMap): void {
  const { slots, scalars } = layoutOf(optimizer);
  for (const slot of slots) {
    const names = saved.specs.map(({ name }) => name).filter((name) => name.startsWith(`${slot}/`));
    for (const { variable } of slotsOf(optimizer, slot)) variable.dispose();
    Reflect.set(
      optimizer,
      slot,
      names.map((name) => ({
        originalName: name,
        variable: tf.variable(tensorOf(tensors, name), false),
      })),
    );
  }
  for (const scalar of scalars) scalarOf(optimizer, scalar).assign(tensorOf(tensors, scalar));
  Reflect.set(optimizer, 'iterations_', saved.iterations);
  tf.dispose(tensors);
}

function layoutOf(optimizer: tf.Optimizer): Layout {
  const layout = STATE[optimizer.getClassName()];
  assert(layout, `the state of the optimizer ${optimizer.getClassName()} is not known`);
  return layout;
}

function tensorOf(tensors: tf.NamedTensorMap, name: string): tf.Tensor {
  const tensor = tensors[name];
  if (tensor === undefined)
    throw new EspalierError('storage', `the checkpoint lacks ${name} of the optimizer`);
  return tensor;
}

/** One variable for each weight. The optimizer's fields are private; the table above says what is in them. */
function slotsOf(optimizer: tf.Optimizer, field: string): readonly Slot[] {
  return Reflect.get(optimizer, field);
}

function scalarOf(optimizer: tf.Optimizer, field: string): tf.Variable {
  return Reflect.get(optimizer, field);
}

/** Our own files, whose shape is what was written. */
async function readJson<T>(folder: string, name: string): Promise<T> {
  const value: T = JSON.parse(await readFile(join(folder, name), 'utf8'));
  return value;
}

async function readBytes(folder: string, name: string): Promise<ArrayBuffer> {
  return Uint8Array.from(await readFile(join(folder, name))).buffer;
}
