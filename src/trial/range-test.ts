// A range test of an opened trial: real steps with rising learning rates, epoch after epoch, until the loss diverges.
// Promise: the losses are those of the steps, in order and all of them; a loop that does not report them is told what to add.

import { inspect } from 'node:util';

import { EspalierError } from '../domain/errors.ts';
import { rngFor } from '../domain/random.ts';
import { UNSEEN, watchLoss } from '../lr/range-test/divergence.ts';
import { STEPS } from '../lr/range-test/ramp.ts';
import type { OpenTrial } from './define-trial.ts';
import type { CommandOf } from './protocol.ts';
import { withRandom } from './seeded-random.ts';

/** What came of it: the losses of the steps that were trained, and why the others were not. */
export type RangeTested = {
  readonly losses: readonly number[];
  readonly stopped: string | undefined;
};

/**
 * Trains a step for each learning rate, over as many epochs as that takes. The epochs have the batches and the random numbers that
 * epochs of training have.
 * @throws EspalierError `invalid`, and whatever the trial throws
 */
export async function runRangeTest(
  trial: OpenTrial,
  seed: number,
  { learning_rate: rates, stop_factor: factor }: CommandOf<'range_test'>,
): Promise<RangeTested> {
  check(rates, factor);
  const steps = trial.steps_per_epoch;
  const losses: number[] = [];
  let watch = UNSEEN;
  for (let epoch = 0; losses.length < rates.length && watch.stopped === undefined; epoch += 1) {
    const from = losses.length;
    const reportLoss = (step: number, loss: number): boolean => {
      if (losses.length === rates.length || watch.stopped !== undefined) return false;
      checkReport(step, losses.length - from, loss);
      losses.push(loss);
      watch = watchLoss(watch, loss, factor);
      return losses.length < rates.length && watch.stopped === undefined;
    };
    // A loop that goes on all the same has the last rate.
    const learningRates = (step: number): number => rates[from + step] ?? rates.at(-1) ?? 0;
    await withRandom(rngFor(seed, 'epoch', epoch), () =>
      trial.trainEpoch({ epoch, steps, learningRates, reportLoss }),
    );
    const isOver = losses.length === rates.length || watch.stopped !== undefined;
    if (!isOver) checkCount(losses.length - from, steps);
  }
  return { losses, stopped: watch.stopped };
}

function check(rates: readonly number[], factor: number): void {
  const wrong = rates.find((rate) => !Number.isFinite(rate));
  if (rates.length === 0 || rates.length > STEPS.most || wrong !== undefined)
    throw new EspalierError(
      'invalid',
      `range_test: ${wrong === undefined ? `${rates.length} learning rates` : `the learning rate ${wrong}`} came; 1 to ${STEPS.most} finite ones are needed`,
    );
  if (factor > 1) return;
  throw new EspalierError('invalid', `range_test: stop_factor is ${factor}; it must be above 1`);
}

function checkReport(step: unknown, due: number, loss: unknown): void {
  if (step !== due)
    throw new EspalierError(
      'invalid',
      `reportLoss() was called for step ${inspect(step)} when step ${due} was due: call it once after each step, from 0 in each epoch`,
    );
  if (typeof loss === 'number') return;
  throw new EspalierError(
    'invalid',
    `reportLoss() was given the loss ${inspect(loss)} of step ${due}; a number is needed`,
  );
}

function checkCount(reported: number, steps: number): void {
  if (reported === steps) return;
  const few =
    reported === 0
      ? 'trainEpoch() reported no losses, which a range test reads'
      : `trainEpoch() reported the losses of ${reported} of its ${steps} steps, and a range test reads all`;
  throw new EspalierError(
    'invalid',
    `${few}. After each step of the loop add: if (request.reportLoss?.(step, loss) === false) break; ` +
      'with request, what trainEpoch() is given, and loss, the loss of that batch as a number',
  );
}
