// From the range tests of several seeds to the two learning rates that a schedule needs.
// Promise: a learning rate is chosen only where most seeds suggest one; the words say how, from what, and how far the seeds differ.

import type { LossAnalysis, Method } from './analyze-losses.ts';
import { median } from './noise.ts';

/** What was chosen. */
export type ChosenRates =
  | {
      readonly kind: 'chosen';
      readonly method: Method;
      /** The median of the seeds' suggestions, taken of their logarithms. */
      readonly max_lr: number;
      /** A quarter of `max_lr`. */
      readonly base_lr: number;
      /** The seeds' least and greatest suggestions. */
      readonly least: number;
      readonly greatest: number;
      /** How many seeds suggest one, of how many that were tested. */
      readonly found: number;
      readonly of: number;
      /** Two sentences for people. */
      readonly words: string;
    }
  | { readonly kind: 'none'; readonly method: Method; readonly why: string };

/** Smith 2015, section 3.3: the lower bound is a third or a fourth of the upper one. */
const BASE_SHARE = 4;

const NAMES: Readonly<Record<Method, string>> = {
  valley: 'in the middle of the longest descent of the smoothed loss',
  steepest: 'where the smoothed loss falls most steeply',
  minimum: 'a tenth of where the smoothed loss is least',
};

/**
 * Chooses by one way to read the curves, which come one for each seed: the median of the suggestions as `max_lr`, a quarter of it as
 * `base_lr` (Smith 2015, section 3.3: a third or a fourth); nothing where no more than half of the seeds suggest a rate. Never throws.
 */
export function chooseRates(
  analyses: readonly LossAnalysis[],
  method: Method = 'valley',
): ChosenRates {
  const suggestions = analyses.map((analysis) => analysis[method]);
  const found = suggestions.flatMap((one) => (one.kind === 'found' ? [one.learningRate] : []));
  if (2 * found.length <= suggestions.length)
    return { kind: 'none', method, why: whyNone(suggestions) };
  const max_lr = medianRate(found);
  const counts = { found: found.length, of: suggestions.length };
  const [least, greatest] = [Math.min(...found), Math.max(...found)];
  const base_lr = max_lr / BASE_SHARE;
  const words = `max_lr is ${method}: ${NAMES[method]}, ${ofSeeds(counts)}. base_lr is a quarter of it (Smith 2015: a third or a fourth).`;
  return { kind: 'chosen', method, max_lr, base_lr, least, greatest, ...counts, words };
}

/** Learning rates are compared by their ratios; one in the middle is taken as it is. */
function medianRate(rates: readonly number[]): number {
  const isOdd = rates.length % 2 === 1;
  return isOdd ? median(rates) : Math.exp(median(rates.map((rate) => Math.log(rate))));
}

function ofSeeds({ found, of }: { readonly found: number; readonly of: number }): string {
  if (of === 1) return 'of one seed';
  return found === of
    ? `the median of ${of} seeds`
    : `the median of ${found} of ${of} seeds; the others suggest none`;
}

/** Each reason once. */
function whyNone(suggestions: readonly LossAnalysis[Method][]): string {
  const reasons = suggestions.flatMap((one) => (one.kind === 'none' ? [one.why] : []));
  return reasons.length === 0 ? 'nothing was tested' : [...new Set(reasons)].join('; ');
}
