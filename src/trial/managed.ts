// The managed level as an own loop: builds and compiles the user's model and trains it epoch by epoch.
// Promise: an epoch depends on the state before it, the seed, its number and the learning rates given, and on nothing else; no
// tensor is left behind from one epoch to the next.

import { performance } from 'node:perf_hooks';
import { setImmediate as eventLoopTurn } from 'node:timers/promises';

import * as tf from '@tensorflow/tfjs';

import { EspalierError, reasonOf } from '../domain/errors.ts';
import type { Metrics } from '../domain/objective.ts';
import { rngFor } from '../domain/random.ts';
import { gatherBatch, shuffledOrder, sliceBatch } from './batches.ts';
import { isSavable, restoreCheckpoint, saveCheckpoint, type Trainee } from './checkpoint.ts';
import { type Checked, type CompiledModel, compileModel } from './compiled-model.ts';
import type {
  EpochRequest,
  ManagedTrial,
  OpenTrial,
  Training,
  TrialContext,
  TrialData,
} from './define-trial.ts';
import { toOptimizer } from './optimizer.ts';
import { disposeOptimizer, type OptimizerControls, toControls } from './optimizer-controls.ts';
import { SampleMeans } from './sample-means.ts';
import { withRandom } from './seeded-random.ts';

const DEFAULT_BATCH_SIZE = 32;
/** Validation keeps no activations for gradients: this much more fits where a training batch does. */
const VALIDATION_FACTOR = 4;
/** The command pipe is looked at this often, so that a process whose agent is gone ends within an epoch. */
const TURN_MS = 100;

/** Everything that the epochs of one opened trial share. */
type Run = {
  readonly seed: number;
  readonly model: CompiledModel;
  readonly controls: OptimizerControls;
  readonly train: Checked;
  readonly validation: Checked;
  readonly batchSize: number;
  readonly validationBatchSize: number;
};

/**
 * Opens a trial of the managed level. The data stays the caller's.
 *
 * @throws EspalierError `invalid`, or whatever the user's functions or the library throw
 */
export async function openManaged(
  definition: ManagedTrial,
  context: TrialContext,
  data: TrialData,
): Promise<OpenTrial> {
  const layers = await definition.model(context);
  const training = definition.compile(context);
  checkReturned(layers, training);
  const optimizer = toOptimizer(training.optimizer);
  const model = compileModel(layers, optimizer, training);
  const batchSize = toBatchSize(
    training.batch_size ?? context.config['batch_size'] ?? DEFAULT_BATCH_SIZE,
  );
  const controls = toControls(optimizer);
  const run: Run = {
    seed: context.seed,
    model,
    controls,
    train: checkSamples(model, data, 'train'),
    validation: checkSamples(model, data, 'validation'),
    batchSize,
    validationBatchSize: toBatchSize(
      training.validation_batch_size ?? batchSize * VALIDATION_FACTOR,
    ),
  };
  const trainee: Trainee = { model: layers, optimizer, controls };
  return {
    steps_per_epoch: Math.ceil(countOf(run.train) / batchSize),
    trainEpoch: async (request) => {
      const trained = await train(run, request);
      // A range test looks at the losses of single steps alone.
      const isTest = request.reportLoss !== undefined;
      const metrics = isTest ? trained : { ...trained, ...(await validate(run, request.epoch)) };
      return { metrics, learningRate: await controls.readLearningRate() };
    },
    ...(isSavable(trainee) && {
      save: (folder: string) => saveCheckpoint(folder, trainee),
      restore: (folder: string) => restoreCheckpoint(folder, trainee),
    }),
    close: () => {
      layers.dispose();
      disposeOptimizer(optimizer);
      disposeNew([run.train, run.validation], data);
    },
  };
}

async function train(
  { seed, model, controls, train: samples, batchSize }: Run,
  request: EpochRequest,
): Promise<Metrics> {
  const tensors = [...samples.inputs, ...samples.targets];
  const order = shuffledOrder(seed, request.epoch, countOf(samples));
  const means = new SampleMeans(model.names);
  const turn = everyTurn();
  for (let step = 0; step < request.steps; step += 1) {
    controls.setLearningRate(request.learningRates(step));
    if (request.momentum !== undefined) controls.setMomentum(request.momentum(step));
    const numbers = order.subarray(step * batchSize, (step + 1) * batchSize);
    const batch = gatherBatch(tensors, numbers);
    const values = model.train(batch);
    // The device is waited for only where somebody wants the loss of this step.
    const isWanted = request.reportLoss?.(step, await readLoss(values)) ?? true;
    means.add(values, numbers.length);
    tf.dispose(batch);
    if (!isWanted) break;
    if (means.isFull) await means.settle();
    await turn();
  }
  return means.toMetrics('');
}

function validate(
  { seed, model, validation, validationBatchSize }: Run,
  epoch: number,
): Promise<Metrics> {
  const tensors = [...validation.inputs, ...validation.targets];
  const count = countOf(validation);
  return withRandom(rngFor(seed, 'validate', epoch), async () => {
    const means = new SampleMeans(model.names);
    const turn = everyTurn();
    for (let start = 0; start < count; start += validationBatchSize) {
      const size = Math.min(validationBatchSize, count - start);
      const batch = sliceBatch(tensors, start, size);
      means.add(model.evaluate(batch), size);
      tf.dispose(batch);
      if (means.isFull) await means.settle();
      await turn();
    }
    return means.toMetrics('val_');
  });
}

/** The loss is the first of the values that a step reports. */
async function readLoss([loss]: readonly tf.Tensor[]): Promise<number> {
  return (await loss?.data())?.[0] ?? Number.NaN;
}

/** Lets the event loop turn now and then; most calls do nothing. */
function everyTurn(): () => Promise<void> | undefined {
  let last = performance.now();
  const turn = async (): Promise<void> => {
    await eventLoopTurn();
    last = performance.now();
  };
  return () => (performance.now() - last < TURN_MS ? undefined : turn());
}

/** The module may be plain JavaScript, which no type has checked. */
function checkReturned(layers: unknown, training: Partial<Training> | undefined): void {
  if (!(layers instanceof tf.LayersModel)) {
    throw new EspalierError(
      'invalid',
      'model() must return a tf.LayersModel, such as tf.sequential gives',
    );
  }
  if (training?.optimizer === undefined || training.loss === undefined) {
    throw new EspalierError('invalid', 'compile() must return { optimizer, loss }');
  }
}

function checkSamples(
  model: CompiledModel,
  data: TrialData,
  part: 'train' | 'validation',
): Checked {
  const checked = checkFit(model, data, part);
  if (countOf(checked) > 0) return checked;
  throw new EspalierError('invalid', `the ${part} data that data() returned has no samples`);
}

function checkFit(model: CompiledModel, data: TrialData, part: 'train' | 'validation'): Checked {
  try {
    return model.check(data[part]);
  } catch (error) {
    const words = reasonOf(error);
    throw new EspalierError('invalid', `the ${part} data does not fit the model: ${words}`, {
      cause: error,
    });
  }
}

function countOf({ inputs }: Checked): number {
  return inputs[0]?.shape[0] ?? 0;
}

function toBatchSize(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new EspalierError(
    'invalid',
    `batch_size is ${JSON.stringify(value)}; a whole number above 0 is needed`,
  );
}

/** Targets of rank 1 were given a second axis by the library: those tensors are ours. */
function disposeNew(parts: readonly Checked[], data: TrialData): void {
  const given = new Set(tensorsOf(data));
  for (const { inputs, targets } of parts) {
    tf.dispose([...inputs, ...targets].filter((tensor) => !given.has(tensor)));
  }
}

/** Every tensor of a trial's data. */
export function tensorsOf({ train: first, validation }: TrialData): tf.Tensor[] {
  return [first.xs, first.ys, validation.xs, validation.ys].flat();
}
