// What people say to a coordinator: sweeps that they hand in, and what they want of those that are there.

import type { ControlRequest, SubmitRequest } from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Dice } from '../support/dice.ts';
import {
  CODE,
  CODE_SHA256,
  many,
  pickAgent,
  pickSha256,
  pickSweep,
  pickTrial,
  TEXTS,
} from './picks.ts';
import { randomSweepFile } from './sweep-files.ts';

/** A sweep that is handed in, or what could be taken for one. */
export function toSubmission(dice: Dice): SubmitRequest {
  const code = { path: 'bundle.mjs', sha256: CODE_SHA256, sizeBytes: CODE.length };
  const file = () => ({ ...code, path: dice.pick(['a.csv', 'a/b.csv', ...TEXTS]) });
  return {
    sweepFile: dice.is(0.5) ? SWEEP_FILE : randomSweepFile(dice),
    bundle: dice.is(0.9) ? code : { ...code, sha256: pickSha256(dice) },
    files: dice.is(0.6) ? [] : many(dice, file, 3_000),
    again: dice.is(0.5),
  };
}

const SWEEP_FILE = [
  'name: fuzz',
  'trial: ./trial.ts',
  'objective: { metric: val_loss, mode: min }',
  'epochs: 3',
  'retries: 20',
  'learning_rate: [{ strategy: fixed, lr: [0.1, 0.01] }]',
].join('\n');

/** Something that a person may want. */
export function toAction(dice: Dice): ControlRequest['action'] {
  const whom = { sweepId: pickSweep(dice), trialId: pickTrial(dice) };
  const agent = pickAgent(dice);
  return dice.pick<ControlRequest['action']>([
    undefined,
    { $case: 'cancel', cancel: whom },
    { $case: 'pause', pause: whom },
    { $case: 'resume', resume: whom },
    { $case: 'retry', retry: whom },
    { $case: 'retry', retry: whom },
    { $case: 'drain', drain: { agent } },
    { $case: 'trust', trust: { agent } },
    { $case: 'giveUp', giveUp: {} },
    {
      $case: 'prioritise',
      prioritise: { ...whom, priority: dice.pick([0, 1, -1_000, 2 ** 31 - 1]) },
    },
    {
      $case: 'clone',
      clone: { trialId: whom.trialId, changes: many(dice, () => toChange(dice), 210) },
    },
  ]);
}

function toChange(dice: Dice) {
  const name = dice.pick([
    'seed',
    'epochs',
    'learning_rate.lr',
    'learning_rate',
    'config',
    ...TEXTS,
  ]);
  return { name, value: dice.pick(['7', '0.5', '[1', '1e309', '!!js 1', ...TEXTS]) };
}
