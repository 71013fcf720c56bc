// A linear model of the handwritten digits with a squared error: the textbook's case of a rate above which training diverges.

import * as tf from '@tensorflow/tfjs';
import { defineTrial } from 'espalier';
import { loadDigits } from './digits.ts';

export default defineTrial<{ readonly batch_size: number }>({
  data: ({ files }) => loadDigits(files('digits.csv.gz')),

  model: () =>
    tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [8, 8, 1] }), tf.layers.dense({ units: 10 })],
    }),

  compile: ({ config: { batch_size } }) => ({
    optimizer: 'sgd',
    loss: 'meanSquaredError',
    metrics: ['accuracy'],
    batch_size,
  }),
});
