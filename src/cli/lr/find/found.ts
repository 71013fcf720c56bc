// Everything that the range tests of several seeds came to: what the report, the JSON and the chart are made of. Pure.

import {
  analyzeLosses,
  type LossAnalysis,
  type Method,
} from '../../../lr/range-test/analyze-losses.ts';
import { chooseRates, type ChosenRates } from '../../../lr/range-test/choose-rates.ts';
import { type Ramp, toLearningRates } from '../../../lr/range-test/ramp.ts';
import type { ChosenConfig } from './choose-config.ts';
import { type Block, toBlock } from './yaml-block.ts';

/** A seed's test as it was measured. */
export type Measured = {
  readonly seed: number;
  readonly losses: readonly number[];
  readonly stopped: string | undefined;
  readonly stepsPerEpoch: number;
  readonly backend: string;
};

/** A seed's test as it is read. */
export type Read = Measured & { readonly analysis: LossAnalysis };

/** What was tested. */
export type Tested = {
  readonly name: string;
  readonly chosen: ChosenConfig;
  readonly ramp: Ramp;
  readonly method: Method;
};

/** What was tested, and what came of it. */
export type Found = Tested & {
  readonly learningRates: readonly number[];
  readonly seeds: readonly Read[];
  readonly rates: ChosenRates;
  /** Nothing where no rate was chosen. */
  readonly block: Block | undefined;
};

/** Reads the tests of all seeds and chooses. */
export function toFound(tested: Tested, measured: readonly Measured[]): Found {
  const learningRates = toLearningRates(tested.ramp);
  const seeds = measured.map((one): Read => {
    const analysis = analyzeLosses({ learningRates, losses: one.losses });
    return { ...one, analysis };
  });
  const analyses = seeds.map(({ analysis }) => analysis);
  const rates = chooseRates(analyses, tested.method);
  const limits = analyses.map(({ diverged }) => diverged?.learningRate ?? Infinity);
  const block = rates.kind === 'chosen' ? toBlock(rates, Math.min(...limits)) : undefined;
  return { ...tested, learningRates, seeds, rates, block };
}
