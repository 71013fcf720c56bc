// How many epochs a sweep trains if what trials have in common is trained once, by brute force: every step of every epoch of every
// trial is evaluated, and the beginnings that differ are counted. Promise: it shares nothing with the plan or with the agents but
// the grid and the strategies themselves, so that it can judge both.

import { createHash } from 'node:crypto';
import type { Metrics } from '../../src/domain/objective.ts';
import type { SweepSpec, TrialSpec } from '../../src/domain/sweep.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { trials } from '../../src/space/grid.ts';

/** Metrics of a trial's epochs, by the trial's number, from 1. Trials that end early have fewer epochs. */
export type Histories = ReadonlyMap<number, readonly Metrics[]>;

/** Whether a trial of the sweep follows metrics, so that nobody can count without its histories. */
export function followsMetrics(spec: SweepSpec): boolean {
  return spec.learning_rate.some(({ strategy }) => strategy === 'plateau');
}

/**
 * Counts the distinct beginnings, an epoch each, of all families together.
 * @throws Error for a trial that follows metrics and has no history
 */
export function countByBruteForce(
  spec: SweepSpec,
  stepsPerEpoch: number,
  histories: Histories = new Map(),
): number {
  const beginnings = new Set<string>();
  let number = 0;
  for (const trial of trials(spec)) {
    number += 1;
    const history = histories.get(number) ?? toBlindHistory(trial, number);
    for (const beginning of beginningsOf(trial, stepsPerEpoch, history)) beginnings.add(beginning);
  }
  return beginnings.size;
}

function toBlindHistory({ learning_rate, epochs }: TrialSpec, number: number): readonly Metrics[] {
  if (learning_rate.strategy !== 'plateau') return Array.from({ length: epochs }, () => ({}));
  throw new Error(`trial ${number} follows metrics, and none were given`);
}

/** After each epoch a hash of the family and of every learning rate and momentum since the start. */
function* beginningsOf(
  { config, seed, learning_rate, epochs }: TrialSpec,
  stepsPerEpoch: number,
  history: readonly Metrics[],
): Generator<string, void> {
  const strategy = createStrategy(learning_rate);
  let state = strategy.start({ stepsPerEpoch, epochs });
  let beginning = JSON.stringify([config, seed]);
  for (const [epoch, metrics] of history.entries()) {
    const { learningRate, momentum } = strategy.controls(
      state,
      epoch * stepsPerEpoch,
      stepsPerEpoch,
    );
    const hash = createHash('sha256').update(`${beginning}\n`);
    hash.update(toBytes(learningRate, stepsPerEpoch));
    if (momentum !== undefined) hash.update(toBytes(momentum, stepsPerEpoch));
    beginning = hash.digest('hex');
    yield beginning;
    state = strategy.observe(state, epoch, metrics);
  }
}

/** A float32 for each step: what reaches the tensors. */
function toBytes(values: number | Float64Array, steps: number): Uint8Array {
  const all = typeof values === 'number' ? new Float64Array(steps).fill(values) : values;
  return new Uint8Array(Float32Array.from(all).buffer);
}
