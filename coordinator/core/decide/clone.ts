// A person wants a trial like another one, with some values changed. It is a family of its own and is trained from its beginning; a
// sweep that had ended goes on with it, as it does for a trial that is tried again.
// Promise: no sweep has two trials with the same values.

import type { Config } from '../../../src/domain/sweep.ts';
import type { StrategySpec } from '../../../src/lr/spec.ts';
import { describeGiven } from '../../../src/space/describe.ts';
import type { Cloning, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { State, Trial } from '../model.ts';
import { toRoot } from './stages.ts';
import { toTrial } from './submission.ts';

/** What makes a trial what it is. */
export type Values = {
  readonly config: Config;
  readonly strategy: StrategySpec;
  readonly seed: number;
  readonly epochs: number;
};

/** Nothing if there is no such trial, or one with these values already. */
export function decideClone(state: State, event: Stamped<Cloning>): readonly Fact[] {
  const { fromTrialId, changes, by } = event;
  const sweep = state.sweeps.get(state.trials.get(fromTrialId)?.sweepId ?? '');
  if (sweep === undefined || findTwin(state, sweep.id, event, toText) !== undefined) return [];
  const { config, strategy, seed, epochs } = event;
  const number = (state.trialsOf.get(sweep.id)?.length ?? 0) + 1;
  const spec = { item: -1, config, learning_rate: strategy, seed, epochs };
  const made = toTrial(sweep, spec, number, describeGiven(strategy, sweep.spec.objective));
  const root = toRoot([made]);
  return [
    ...(sweep.state === 'running' ? [] : [{ kind: 'sweep-reopened', sweepId: sweep.id } as const]),
    { kind: 'trial-created', trial: { ...made, stageId: root.id } },
    { kind: 'trial-cloned', trialId: made.id, fromTrialId, changes, by: by ?? null },
    { kind: 'stage-created', stage: root },
  ];
}

/** The trial of a sweep that has these values; `toKey` says when two strategies are the same one. */
export function findTwin(
  state: State,
  sweepId: string,
  { config, strategy, seed, epochs }: Values,
  toKey: (strategy: StrategySpec) => string,
): Trial | undefined {
  const [values, rates] = [toText(config), toKey(strategy)];
  return (state.trialsOf.get(sweepId) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial?.seed === seed && trial.epochs === epochs)
    .filter((trial) => trial !== undefined)
    .find((trial) => toText(trial.config) === values && toKey(trial.strategy) === rates);
}

/** The same for the same values, in whichever order they were named. */
function toText(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
