// Trains one trial alone, from scratch, and compares each epoch with its record.
// Promise: the strategy sees the metrics of this training and nothing that is recorded, so that what agrees was not copied.

import type { Comparison, Difference, EpochDifferences } from '../../src/domain/comparison.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { fromJsonMetrics, fromJsonNumber } from '../../src/domain/json-number.ts';
import type { Metrics, Objective } from '../../src/domain/objective.ts';
import type { EpochRecord, RecordedTrial } from '../../src/results/recorded-trial.ts';
import type { AnswerOf } from '../../src/trial/protocol.ts';
import { type Member, observe, partition, toMembers } from '../core/cohort.ts';
import type { ControlVector, Series } from '../core/control-vector.ts';
import { summarizeRates } from '../core/rate-report.ts';
import type { LocalTrial, Opening } from '../local-trial.ts';
import { evaluateMembers } from '../trial/own-strategies.ts';
import { compareEpoch } from './compare-epoch.ts';

/** What one trial needs. */
export type Retraining = {
  readonly trial: RecordedTrial;
  readonly objective: Objective;
  readonly opening: Pick<Opening, 'bundle' | 'files' | 'backends' | 'epochs'>;
  readonly readEpoch: (epoch: number) => EpochRecord | undefined;
  /** Called after each epoch. */
  readonly onEpoch: () => void;
};

/** Trains the recorded epochs of a trial. Rejects only for what is not the trial's own doing. */
export async function trainAgain(local: LocalTrial, work: Retraining): Promise<Comparison> {
  try {
    const { config, seed } = work.trial;
    const opened = await local.open({ ...work.opening, config, seed });
    return findObstacle(work.trial, opened) ?? (await train(local, work, opened));
  } catch (error) {
    if (!(error instanceof EspalierError) || !isOfTrial(error)) throw error;
    return { kind: 'failed', message: error.message };
  }
}

/** `invalid` is a strategy that cannot be run. */
function isOfTrial({ code }: EspalierError): boolean {
  return code === 'trials-failed' || code === 'invalid';
}

function findObstacle(trial: RecordedTrial, opened: AnswerOf<'opened'>): Comparison | undefined {
  const elsewhere = trial.numerics.find((numerics) => numerics !== opened.numerics);
  if (elsewhere !== undefined)
    return { kind: 'elsewhere', recorded: elsewhere, here: opened.numerics };
  const now = opened.steps_per_epoch;
  const recorded = trial.stepsPerEpoch.find((steps) => steps !== now);
  if (recorded === undefined) return undefined;
  const differences = [{ what: 'steps_per_epoch', recorded, now }];
  return { kind: 'differs', epochs: 0, different: [{ epoch: undefined, differences }] };
}

async function train(
  local: LocalTrial,
  work: Retraining,
  opened: AnswerOf<'opened'>,
): Promise<Comparison> {
  const { trial, objective, readEpoch, onEpoch } = work;
  const { trialId, number, strategy: spec, epochs, recordedEpochs } = trial;
  const stepsPerEpoch = opened.steps_per_epoch;
  let members = toMembers([{ trialId, number, spec, epochs }], { stepsPerEpoch, objective });
  const different: EpochDifferences[] = [];
  for (let epoch = 0; epoch < recordedEpochs; epoch += 1) {
    const run = { epoch, stepsPerEpoch, objective };
    members = await evaluateMembers(members, run, async (command) => local.strategies(command));
    const controls = toControls(members, epoch, stepsPerEpoch);
    const trained = await local.train(epoch, controls);
    const metrics = fromJsonMetrics(trained.metrics);
    const now = toRecord(trained, metrics, controls.learningRate);
    const differences = compareWithRecord(readEpoch(epoch), now);
    if (differences !== undefined) different.push({ epoch, differences });
    members = observe(members, epoch, metrics);
    onEpoch();
  }
  const epochsCompared = { epochs: recordedEpochs };
  return different.length === 0
    ? { kind: 'same', ...epochsCompared }
    : { kind: 'differs', ...epochsCompared, different };
}

function toControls(members: readonly Member[], epoch: number, steps: number): ControlVector {
  const obstacle = members[0]?.obstacle;
  if (obstacle !== undefined) throw new EspalierError('invalid', obstacle);
  const [only] = partition(members, epoch, steps);
  if (only !== undefined) return only.controls;
  throw new EspalierError('invalid', `epoch ${epoch} is recorded, which the trial does not have`);
}

function toRecord(trained: AnswerOf<'trained'>, metrics: Metrics, series: Series): EpochRecord {
  const { lrFirst, lrLast, lrLeast, lrGreatest } = summarizeRates(series);
  return {
    steps: trained.steps,
    metrics,
    rates: {
      first: lrFirst,
      last: lrLast,
      least: lrLeast,
      greatest: lrGreatest,
      applied: fromJsonNumber(trained.learning_rate),
    },
    series: typeof series === 'number' ? undefined : series,
  };
}

/** Nothing where all is the same; no single difference where there is no record. */
function compareWithRecord(
  recorded: EpochRecord | undefined,
  now: EpochRecord,
): readonly Difference[] | undefined {
  if (recorded === undefined) return [];
  const differences = compareEpoch(recorded, now);
  return differences.length === 0 ? undefined : differences;
}
