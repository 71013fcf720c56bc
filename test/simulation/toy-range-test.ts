// A range test of the toy: losses that fall around a rate of the config's and the seed's own, and rise far above it.

import { createHash } from 'node:crypto';
import type { Config, TrialSpec } from '../../src/domain/sweep.ts';
import { type FoundRates, settleFindings } from '../../src/lr/find.ts';
import { analyzeLosses } from '../../src/lr/range-test/analyze-losses.ts';
import { chooseRates } from '../../src/lr/range-test/choose-rates.ts';
import { type Ramp, toLearningRates } from '../../src/lr/range-test/ramp.ts';

/** The losses of the steps. */
export function testLosses(config: Config, seed: number, rates: readonly number[]): number[] {
  const digest = createHash('sha256')
    .update(JSON.stringify([config, seed]))
    .digest();
  const turn = 10 ** -(2 + digest.readUInt8(0) / 256);
  return rates.map((rate) => 2 - 1.5 / (1 + turn / rate) + (rate / (30 * turn)) ** 2);
}

/** The trial with the rates that its own tests come to, by nothing but the analysis itself. */
export function withFoundRates(trial: TrialSpec): TrialSpec {
  const settled = settleFindings(trial.learning_rate, ({ suggest, seeds, ...ramp }) => {
    const curves = seeds.map((seed) => analyzeLosses(curveOf(trial.config, seed, ramp)));
    const chosen = chooseRates(curves, suggest);
    return chosen.kind === 'none' ? undefined : (chosen satisfies FoundRates);
  });
  if (settled === undefined) throw new Error('the toy has rates to be found');
  return { ...trial, learning_rate: settled };
}

function curveOf(config: Config, seed: number, ramp: Ramp): Parameters<typeof analyzeLosses>[0] {
  const learningRates = toLearningRates(ramp);
  const trained = learningRates.map((rate) => Math.fround(rate));
  return { learningRates, losses: testLosses(config, seed, trained) };
}
