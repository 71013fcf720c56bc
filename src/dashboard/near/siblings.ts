// The trials that are drawn behind the open one.

import { toScore, WORST } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { modeOf } from '../arrange.ts';
import { shownSweep, type Model, type Siblings } from '../model.ts';

const MOST = 8;

/** In the order in which a key goes through them. */
const NEXT: Readonly<Record<Siblings, Siblings>> = {
  none: 'seeds',
  seeds: 'strategies',
  strategies: 'none',
};

/** What comes after `siblings`. */
export function nextSiblings(siblings: Siblings): Siblings {
  return NEXT[siblings];
}

/** The siblings of a trial, as the model wants them, at most eight; none of a trial that is not known. */
export function siblingsOf(model: Model, trialId: string): readonly TrialView[] {
  const shown = model.trials.get(trialId);
  if (shown === undefined || model.siblings === 'none') return [];
  const others = [...model.trials.values()].filter(
    (other) => other.sweepId === shown.sweepId && other.trialId !== trialId && other.epoch > 0,
  );
  const found =
    model.siblings === 'seeds' ? seedsOf(others, shown) : bestOfOthers(model, others, shown);
  return found.slice(0, MOST);
}

function seedsOf(others: readonly TrialView[], shown: TrialView): readonly TrialView[] {
  return others
    .filter(
      ({ strategy, strategyValues, config, epochs }) =>
        strategy === shown.strategy &&
        strategyValues === shown.strategyValues &&
        config === shown.config &&
        epochs === shown.epochs,
    )
    .toSorted((a, b) => a.number - b.number);
}

/** Of each other strategy the best trial with the same config and seed. */
function bestOfOthers(
  model: Model,
  others: readonly TrialView[],
  shown: TrialView,
): readonly TrialView[] {
  const mode = modeOf(shownSweep(model)?.objective?.mode);
  const scoreOf = ({ hasValue, bestValue }: TrialView): number =>
    toScore(mode, hasValue ? bestValue : undefined);
  const best = new Map<string, TrialView>();
  for (const other of others) {
    const isLike = other.config === shown.config && other.seed === shown.seed;
    if (!isLike || other.strategy === shown.strategy || scoreOf(other) === WORST) continue;
    const leader = best.get(other.strategy);
    if (leader === undefined || scoreOf(other) < scoreOf(leader)) best.set(other.strategy, other);
  }
  return [...best.values()].toSorted((a, b) => scoreOf(a) - scoreOf(b) || a.number - b.number);
}
