// Training as a pure function of config, seed and the learning rates (and momenta) of every step so far. What was trained is a
// hash: two trainings are the same exactly if all that they were given is. Metrics follow from the hash; they improve, stand still
// and get worse, are no number now and then, and seldom the loss leaves the numbers for good.

import { createHash } from 'node:crypto';
import type { Metrics } from '../../src/domain/objective.ts';
import type { Config } from '../../src/domain/sweep.ts';

/** A model after some epochs. */
export type Training = { readonly hash: string; readonly epochs: number };

/** What an epoch is trained with: one value for all steps, or one a step. */
export type Rates = {
  readonly learningRate: ArrayLike<number> | number;
  readonly momentum?: ArrayLike<number> | number | undefined;
};

/** A model before its first epoch. */
export function begin(config: Config, seed: number): Training {
  return { hash: digest([config, seed]), epochs: 0 };
}

/** Optimizer steps of an epoch. */
export function stepsPerEpochOf(config: Config): number {
  return Number(config['batches'] ?? 2);
}

/** The model after one more epoch. */
export function train({ hash, epochs }: Training, rates: Rates, steps: number): Training {
  const { learningRate, momentum } = rates;
  const each = [toFloats(learningRate, steps), momentum && toFloats(momentum, steps)];
  return { hash: digest([hash, ...each]), epochs: epochs + 1 };
}

/** The metrics of a model after its latest epoch. */
export function metricsOf({ hash, epochs }: Training): Metrics {
  const [loss = 0, level = 0, odd = 0, accuracy = 0] = [0, 1, 2, 3].map((i) => uniform(hash, i));
  return {
    loss: loss < 1 / 400 ? Number.NaN : loss,
    // In steps of 1/64, so that epochs are often equal.
    val_loss: odd < 1 / 16 ? Number.NaN : coarse((0.5 + level) / (1 + epochs / 4)),
    val_accuracy: coarse(1 - accuracy / (1 + epochs / 8)),
  };
}

function toFloats(values: ArrayLike<number> | number, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, step) =>
    Math.fround(typeof values === 'number' ? values : (values[step] ?? Number.NaN)),
  );
}

function coarse(value: number): number {
  return Math.round(value * 64) / 64;
}

function uniform(hash: string, word: number): number {
  return Number.parseInt(hash.slice(8 * word, 8 * word + 8), 16) / 2 ** 32;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
