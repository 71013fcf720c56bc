// Which trial of a sweep is the best so far.
// Promise: a total order: of two trials with the same score the one with the lower number leads.

import { toScore, WORST } from '../../src/domain/objective.ts';
import type { Sweep, Trial } from './model.ts';

/** The trial's value of the objective as the sweep asks for it: its best, or its latest; undefined before the first. */
export function toResult(trial: Trial, sweep: Sweep): number | undefined {
  return sweep.spec.objective.at === 'best' ? trial.best?.value : (trial.last ?? undefined);
}

/** True if `a` goes before `b`; a trial without a finite value goes before none. */
export function leads(a: Trial, b: Trial | undefined, sweep: Sweep): boolean {
  const score = scoreOf(a, sweep);
  const other = b === undefined ? WORST : scoreOf(b, sweep);
  return score < other || (score < WORST && score === other && a.number < (b?.number ?? 0));
}

/** The best of some trials. */
export function findLeader(trials: Iterable<Trial>, sweep: Sweep): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) if (leads(trial, best, sweep)) best = trial;
  return best;
}

/** The epochs behind the checkpoint that holds a trial's result. */
export function epochOfResult(trial: Trial, sweep: Sweep): number {
  return sweep.spec.objective.at === 'best' && trial.best !== null
    ? trial.best.epoch + 1
    : trial.epochsDone;
}

function scoreOf(trial: Trial, sweep: Sweep): number {
  return trial.state === 'diverged' || trial.state === 'failed'
    ? WORST
    : toScore(sweep.spec.objective.mode, toResult(trial, sweep));
}
