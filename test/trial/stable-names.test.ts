// That saved models do not tell what a process has made before, and are still models.

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';

import { toStableJson } from '../../src/trial/stable-names.ts';
import { startBackend } from './start-backend.ts';

beforeAll(() => startBackend('wasm'));

/** Two inputs, a model within, layers of one kind in and outside of another: every sort of name there is. */
function everySortOfName(): tf.LayersModel {
  const numbers = tf.input({ shape: [4] });
  const words = tf.input({ shape: [3] });
  const within = tf.sequential({
    layers: [tf.layers.dense({ units: 3, inputShape: [4] }), tf.layers.dropout({ rate: 0.5 })],
  });
  const embedded = tf.layers.embedding({ inputDim: 5, outputDim: 2 }).apply(words);
  const once = tf.layers.simpleRNN({ units: 2 }).apply(embedded);
  const twice = tf.layers
    .bidirectional({ layer: tf.layers.simpleRNN({ units: 2 }), mergeMode: 'concat' })
    .apply(embedded);
  const all = [within.apply(numbers), once, twice] as tf.SymbolicTensor[];
  const joined = tf.layers.concatenate({ name: 'block_Best7' }).apply(all);
  const outputs = tf.layers.dense({ units: 1 }).apply(joined) as tf.SymbolicTensor;
  return tf.model({ inputs: [numbers, words], outputs });
}

type Saved = { readonly text: string; readonly weightData: tf.io.WeightData };

async function save(model: tf.LayersModel): Promise<Saved> {
  const saved: Saved[] = [];
  const handler = tf.io.withSaveHandler(async ({ weightData, ...rest }) => {
    saved.push({ text: toStableJson(rest), weightData: weightData! });
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return saved[0]!;
}

describe('a saved model', () => {
  test('is the same text, however many the process has made before', async () => {
    const first = everySortOfName();
    const second = everySortOfName();
    expect(first.layers.map(({ name }) => name)).not.toEqual(second.layers.map(({ name }) => name));
    expect((await save(second)).text).toBe((await save(first)).text);
  });

  test('is loaded by the library, and computes what it did', async () => {
    everySortOfName();
    const model = everySortOfName();
    const { text, weightData } = await save(model);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory({ ...JSON.parse(text), weightData }));
    const inputs = [tf.ones([2, 4]), tf.zeros([2, 3])];
    const [is, was] = [loaded, model].map((each) => each.predict(inputs) as tf.Tensor);
    expect(is!.dataSync()).toEqual(was!.dataSync());
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    'automatic names count from 1 in their order',
    ['dense_Dense9', 'dense_Dense4/bias', 'dense_Dense9_input', 'input12', 'input30'],
    ['dense_Dense2', 'dense_Dense1/bias', 'dense_Dense2_input', 'input1', 'input2'],
  ],
  [
    'what wraps another keeps its name in its own',
    ['gru_GRU3', 'gru_GRU5', 'bidirectional_Bidirectional8/forward_gru_GRU5/kernel'],
    ['gru_GRU1', 'gru_GRU2', 'bidirectional_Bidirectional1/forward_gru_GRU2/kernel'],
  ],
  [
    'digits of a class are no number',
    ['max_pooling2d_MaxPooling2D7', 'conv2d_Conv2D12/kernel'],
    ['max_pooling2d_MaxPooling2D1', 'conv2d_Conv2D1/kernel'],
  ],
  [
    'names that a person chose stay',
    ['relu6', 'block_A2', 'inputs7', 'my_model3', 'tensor_flow.js'],
    ['relu6', 'block_A2', 'inputs7', 'my_model3', 'tensor_flow.js'],
  ],
])('%s', (_, names, expected) => {
  expect(JSON.parse(toStableJson(names))).toEqual(expected);
});
