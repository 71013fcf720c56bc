// What there is to draw and in which training, as the command line and a sweep file say it.
// Promise: what had to be supposed is said.

import { EspalierError } from '../../../domain/errors.ts';
import { plural } from '../../words.ts';
import type { PlotOptions } from '../plot.ts';
import { MOST_STEPS } from '../trace-strategy.ts';
import {
  isStrategyText,
  parseCandidates,
  sweepCandidates,
  trialCandidate,
  type Candidate,
} from './candidate.ts';

const EPOCHS = 20;
const STEPS_PER_EPOCH = 100;

/** What there is to draw, and in which training. */
export type Scene = {
  readonly candidates: readonly Candidate[];
  readonly stepsPerEpoch: number;
  readonly words: string;
};

/** Reads the arguments. @throws EspalierError `usage`, `invalid` or `not-found` */
export async function readScene(what: readonly string[], options: PlotOptions): Promise<Scene> {
  const [file, ...others] = what;
  if (what.every(isStrategyText)) {
    if (options.trial !== undefined)
      throw new EspalierError('usage', '--trial chooses from a sweep file; none was given');
    const epochs = options.epochs ?? EPOCHS;
    const candidates = what.flatMap((text) => parseCandidates(text, epochs));
    return withWords(candidates, options.stepsPerEpoch);
  }
  if (file === undefined || others.length > 0)
    throw new EspalierError(
      'usage',
      `received ${what.map((text) => JSON.stringify(text)).join(' ')}; it must be strategies, each in braces, or one sweep file`,
    );
  const { readSweepFile } = await import('../../../submission/prepare-submission.ts');
  const { spec } = readSweepFile(file);
  const trials = options.trial?.map((number) => trialCandidate(spec, number));
  const candidates = (trials ?? sweepCandidates(spec)).map((one) => ({
    ...one,
    epochs: options.epochs ?? one.epochs,
  }));
  return withWords(candidates, options.stepsPerEpoch ?? spec.steps_per_epoch);
}

function withWords(candidates: readonly Candidate[], known: number | undefined): Scene {
  const stepsPerEpoch = known ?? STEPS_PER_EPOCH;
  const lengths = [...new Set(candidates.map(({ epochs }) => epochs))].toSorted((a, b) => a - b);
  const epochs = Math.max(...lengths);
  if (epochs * stepsPerEpoch > MOST_STEPS)
    throw new EspalierError(
      'usage',
      `--steps-per-epoch: received ${stepsPerEpoch} for ${epochs} epochs; together they must be at most ${MOST_STEPS} steps`,
    );
  const supposed = known === undefined ? ' (supposed; --steps-per-epoch says how many)' : '';
  const toFind = candidates.some(({ isToFind }) => isToFind)
    ? '; what a range test is to find is drawn as 0.1, as base_lr 0.025, or a power of ten away'
    : '';
  const count = lengths.length > 1 ? `${lengths.join(', ')} epochs` : plural(epochs, 'epoch');
  return {
    candidates,
    stepsPerEpoch,
    words: `${count} of ${plural(stepsPerEpoch, 'step')}${supposed}${toFind}`,
  };
}
