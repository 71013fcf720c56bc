// The trials that are drawn behind the open one.

import { WORST } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Other } from '../frame/chart/metric-curves.ts';
import { shownSweep, type Model, type Siblings } from '../model.ts';
import { goalOf, scoreOf } from '../summary/goal.ts';

const MOST = 8;

/** Those in sight with what is known of them, named for the legend. */
export function besideOf(model: Model): readonly Other[] {
  const { scope, trials, beside, siblings } = model;
  return scope.beside.flatMap((trialId) => {
    const trial = trials.get(trialId);
    if (trial === undefined) return [];
    const { number, seed, strategy } = trial;
    const name = siblings === 'seeds' ? `#${number} seed ${seed}` : `#${number} ${strategy}`;
    const points = (beside.get(trialId) ?? []).map(({ epoch, value }) => ({ x: epoch, y: value }));
    return [{ name, points }];
  });
}

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
  const goal = goalOf(shownSweep(model));
  const place = (trial: TrialView): number => scoreOf(trial, goal);
  const best = new Map<string, TrialView>();
  for (const other of others) {
    const isLike = other.config === shown.config && other.seed === shown.seed;
    if (!isLike || other.strategy === shown.strategy || place(other) === WORST) continue;
    const leader = best.get(other.strategy);
    if (leader === undefined || place(other) < place(leader)) best.set(other.strategy, other);
  }
  return [...best.values()].toSorted((a, b) => place(a) - place(b) || a.number - b.number);
}
