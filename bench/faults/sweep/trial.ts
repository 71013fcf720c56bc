// What the sweep of the bench trains: a small network with momentum and dropout, whose epochs take some tens of milliseconds. Where
// the host can hold it, each process also leaves something behind on purpose: a process in a session of its own that has forgotten
// everything, and lives for a day unless somebody ends it.

import { spawn } from 'node:child_process';
import * as tf from '@tensorflow/tfjs';
import { defineTrial, type Samples } from 'espalier';

const FEATURES = 8;
const [TRAIN, VALIDATION] = [384, 64];

// oxlint-disable-next-line import/no-default-export -- this is what a sweep file names
export default defineTrial<{
  /** Seconds that what is left behind would sleep: the bench knows its own by this number. Empty: nothing is left behind. */
  readonly sleeper: string;
}>({
  data: ({ random, config: { sleeper } }) => {
    if (sleeper !== '') leaveBehind(sleeper);
    console.log('data drawn');
    return {
      train: toSamples(random('train'), TRAIN),
      validation: toSamples(random('validation'), VALIDATION),
    };
  },
  model: () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 16, activation: 'relu', inputShape: [FEATURES] }),
        tf.layers.dropout({ rate: 0.2 }),
        tf.layers.dense({ units: 1 }),
      ],
    }),
  compile: () => ({
    optimizer: { name: 'momentum', momentum: 0.9 },
    loss: 'meanSquaredError',
    batch_size: 16,
  }),
});

function leaveBehind(seconds: string): void {
  spawn('sleep', [seconds], { detached: true, env: {}, stdio: 'ignore' }).unref();
}

function toSamples(random: () => number, count: number): Samples {
  const rows = Array.from({ length: count }, () => Array.from({ length: FEATURES }, random));
  const sums = rows.map((row) => [row.reduce((sum, value) => sum + value * value, random())]);
  return { xs: tf.tensor2d(rows), ys: tf.tensor2d(sums) };
}
