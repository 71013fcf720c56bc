// Every kind of layer trains on wasm as on cpu, without a leak, and twice alike.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, randomTensor, startBoth } from './both-backends.ts';

beforeAll(startBoth);

type Kind = { readonly input: readonly number[]; readonly layers: () => tf.layers.Layer[] };
type Backend = 'cpu' | 'wasm';

const init = (
  seed: number,
): { kernelInitializer: ReturnType<typeof tf.initializers.glorotUniform> } => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed }),
});
const recurrent = {
  ...init(1),
  units: 5,
  recurrentInitializer: tf.initializers.glorotUniform({ seed: 2 }),
};
const image = { kernelSize: 3, activation: 'relu', padding: 'same' } as const;

const KINDS: Readonly<Record<string, Kind>> = {
  dense: {
    input: [6],
    layers: () => [tf.layers.dense({ units: 7, activation: 'relu', ...init(1) })],
  },
  conv1d: {
    input: [9, 3],
    layers: () => [tf.layers.conv1d({ ...image, filters: 4, strides: 2, ...init(1) })],
  },
  conv2d: {
    input: [7, 7, 2],
    layers: () => [
      tf.layers.conv2d({ ...image, filters: 4, ...init(1) }),
      tf.layers.conv2d({ ...image, filters: 3, strides: 2, ...init(2) }),
    ],
  },
  'conv2d transposed': {
    input: [4, 4, 2],
    layers: () => [tf.layers.conv2dTranspose({ ...image, filters: 3, strides: 2, ...init(1) })],
  },
  'separable conv2d': {
    input: [6, 6, 2],
    layers: () => [
      tf.layers.separableConv2d({
        ...image,
        filters: 3,
        depthMultiplier: 2,
        depthwiseInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        pointwiseInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  },
  'depthwise conv2d': {
    input: [6, 6, 2],
    layers: () => [
      tf.layers.depthwiseConv2d({
        ...image,
        strides: 2,
        depthMultiplier: 2,
        depthwiseInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
    ],
  },
  'max and average pooling': {
    input: [8, 8, 2],
    layers: () => [
      tf.layers.conv2d({ ...image, filters: 3, ...init(1) }),
      tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
    ],
  },
  'batch normalization': {
    input: [5, 5, 3],
    layers: () => [
      tf.layers.conv2d({ ...image, filters: 4, ...init(1) }),
      tf.layers.batchNormalization(),
    ],
  },
  'layer normalization': {
    input: [6],
    layers: () => [tf.layers.dense({ units: 5, ...init(1) }), tf.layers.layerNormalization()],
  },
  dropout: {
    input: [6],
    layers: () => [
      tf.layers.dense({ units: 8, ...init(1) }),
      tf.layers.dropout({ rate: 0.5, seed: 3 }),
    ],
  },
  embedding: {
    input: [4],
    layers: () => [
      tf.layers.embedding({
        inputDim: 9,
        outputDim: 5,
        embeddingsInitializer: tf.initializers.randomUniform({ seed: 1 }),
      }),
    ],
  },
  'simple rnn': { input: [4, 3], layers: () => [tf.layers.simpleRNN(recurrent)] },
  lstm: { input: [4, 3], layers: () => [tf.layers.lstm(recurrent)] },
  gru: { input: [4, 3], layers: () => [tf.layers.gru(recurrent)] },
};

const SAMPLES = 12;
const STEPS = 4;

function build(kind: Kind, optimizer: tf.Optimizer): tf.Sequential {
  const model = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [...kind.input] }), ...kind.layers()],
  });
  if ((model.outputs[0]?.shape.length ?? 0) > 2) model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 3, activation: 'softmax', ...init(9) }));
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  return model;
}

function batchOf(kind: Kind, isEmbedding: boolean): { x: tf.Tensor; y: tf.Tensor } {
  return tf.tidy(() => {
    const noise = randomTensor(5, [SAMPLES, ...kind.input]);
    const labels = tf.tensor1d(
      Array.from({ length: SAMPLES }, (_, i) => i % 3),
      'int32',
    );
    return {
      x: isEmbedding ? noise.add(1).mul(4).floor() : noise,
      y: tf.oneHot(labels, 3).toFloat(),
    };
  });
}

/** The weights after a few steps on one backend, and the tensors alive after the first step and the last. */
async function train(
  name: string,
  backend: Backend,
  steps: number,
  optimizer: () => tf.Optimizer,
): Promise<{ weights: Float32Array[]; tensors: readonly number[] }> {
  await tf.setBackend(backend);
  const kind = KINDS[name]!;
  const model = build(kind, optimizer());
  const { x, y } = batchOf(kind, name === 'embedding');
  const tensors: number[] = [];
  for (let step = 0; step < steps; step++) {
    await model.trainOnBatch(x, y);
    tensors.push(tf.memory().numTensors);
  }
  const weights = model.getWeights().map((weight) => Float32Array.from(weight.dataSync()));
  tf.dispose([x, y]);
  model.dispose();
  return { weights, tensors };
}

const adam = (): tf.Optimizer => tf.train.adam(0.01);
const sgd = (): tf.Optimizer => tf.train.sgd(0.1);

describe.each(Object.keys(KINDS))('a layer of kind %s', (name) => {
  test('takes one step on wasm to the weights that cpu gives', async () => {
    const cpu = await train(name, 'cpu', 1, sgd);
    const wasm = await train(name, 'wasm', 1, sgd);
    expect(wasm.weights.length).toBe(cpu.weights.length);
    cpu.weights.forEach((weights, index) => expectClose(wasm.weights[index]!, weights, 2e-5));
  });

  test('keeps the number of tensors from step to step', async () => {
    const { tensors } = await train(name, 'wasm', STEPS, adam);
    expect(new Set(tensors).size).toBe(1);
  });

  test.each(['wasm', 'cpu'] as const)('trains to the same bits twice on %s', async (backend) => {
    const first = await train(name, backend, STEPS, adam);
    const second = await train(name, backend, STEPS, adam);
    expect(second.weights).toEqual(first.weights);
  });
});
