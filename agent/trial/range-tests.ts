// The range tests of a stage whose members leave a learning rate to them: real steps of the trial, seed after seed.
// Promise: what is trained is thrown away; every seed begins with a newly opened trial.

import { fromJsonNumber } from '../../src/domain/json-number.ts';
import { STOP_FACTOR } from '../../src/lr/range-test/divergence.ts';
import { toLearningRates } from '../../src/lr/range-test/ramp.ts';
import type { LossCurve } from '../../src/lr/range-test/analyze-losses.ts';
import type { AnswerOf } from '../../src/trial/protocol.ts';
import type { RatesFound } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { StageAttempt } from '../core/assignment.ts';
import type { Ending } from '../core/outcome.ts';
import { type RangeTest, toFoundRates } from '../core/rates-to-find.ts';
import type { AttemptHost, FetchedSources, Trainer } from './attempt-host.ts';
import { findLossMismatch, toFailure, toOpen, toRangeTest, toRangeTestMs } from './messages.ts';

/** What a test needs. */
export type TestBench = {
  readonly stage: StageAttempt;
  readonly sources: FetchedSources;
  readonly trainer: Trainer;
  readonly limits: AttemptHost['limits'];
  /** Told of the first trial that has opened. */
  readonly onOpened: (opened: AnswerOf<'opened'>) => void;
};

/** Runs the tests; the rates that they found and those that they did not, or how the attempt ends. */
export async function findRates(
  tests: readonly RangeTest[],
  bench: TestBench,
): Promise<RatesFound | Ending> {
  const all: RatesFound = { rates: [], missing: [] };
  let isFirst = true;
  const onOpened: TestBench['onOpened'] = (opened) => {
    if (isFirst) bench.onOpened(opened);
    isFirst = false;
  };
  for (const test of tests) {
    const curves: LossCurve[] = [];
    for (const seed of test.find.seeds) {
      const curve = await testSeed(test, seed, { ...bench, onOpened });
      if ('outcome' in curve) return curve;
      curves.push(curve);
    }
    const { rates, missing } = toFoundRates(test, curves);
    all.rates.push(...rates);
    all.missing.push(...missing);
  }
  return all;
}

async function testSeed(
  { find }: RangeTest,
  seed: number,
  { stage, sources, trainer, limits, onOpened }: TestBench,
): Promise<LossCurve | Ending> {
  const opened = await trainer.ask(toOpen({ ...stage, seed }, sources), limits.openedMs);
  if (opened.kind !== 'opened') return toFailure('open', opened, trainer);
  onOpened(opened);
  const learningRates = toLearningRates(find);
  const limitMs = toRangeTestMs(learningRates.length, opened.steps_per_epoch, limits.epochMs);
  const tested = await trainer.ask(toRangeTest(learningRates, STOP_FACTOR), limitMs);
  if (tested.kind !== 'range_tested') return toFailure('range_test', tested, trainer);
  const problem = findLossMismatch(tested.losses.length, learningRates.length);
  if (problem !== undefined) return { outcome: 'failed', message: problem };
  return { learningRates, losses: tested.losses.map(fromJsonNumber) };
}
