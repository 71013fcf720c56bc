// What a loop of one's own has returned, which no type has checked where the module is plain JavaScript.
// Promise: what is of the wrong shape is said in words, at once.

import { inspect } from 'node:util';

import { EspalierError } from '../domain/errors.ts';
import { isMapping } from '../lr/parse-field.ts';
import type { EpochResult } from './define-trial.ts';

/** Steps in an epoch at most: their learning rates travel to the process in one line. */
const STEPS_MOST = 5_000_000;

/** An opened loop of one's own, which no type has checked where the module is plain JavaScript. */
export function checkTrial(trial: unknown): void {
  if (!isMapping(trial) || typeof trial['trainEpoch'] !== 'function') {
    throw new EspalierError(
      'invalid',
      'open() must return { steps_per_epoch: number, trainEpoch: function }',
    );
  }
  checkSteps(trial['steps_per_epoch']);
  checkSaving(trial['save'], trial['restore']);
}

/** One without the other would be found out at a fork, hours later. */
function checkSaving(save: unknown, restore: unknown): void {
  const both = [save, restore];
  if (both.every((given) => given === undefined)) return;
  if (both.every((given) => typeof given === 'function')) return;
  throw new EspalierError(
    'invalid',
    `open() gave save ${inspect(save)} and restore ${inspect(restore)}: give both functions, or neither`,
  );
}

function checkSteps(steps: unknown): void {
  if (Number.isInteger(steps) && Number(steps) > 0 && Number(steps) <= STEPS_MOST) return;
  throw new EspalierError(
    'invalid',
    `the trial gave steps_per_epoch ${inspect(steps)}; a whole number from 1 to ${STEPS_MOST} is needed`,
  );
}

/** The result of a loop of one's own, which no type has checked where the module is plain JavaScript. */
export function checkResult(result: unknown): EpochResult {
  if (!isMapping(result) || !isMapping(result['metrics'])) {
    throw new EspalierError(
      'invalid',
      'trainEpoch() must return { metrics: { name: number }, learningRate: number }',
    );
  }
  const values = { ...result['metrics'], learningRate: result['learningRate'] };
  const wrong = Object.entries(values).find(([, value]) => typeof value !== 'number');
  if (wrong !== undefined) {
    const [name, value] = wrong;
    throw new EspalierError(
      'invalid',
      `trainEpoch() gave ${name} ${inspect(value)}; a number is needed`,
    );
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every part was just seen to be what the type says
  return result as EpochResult;
}
