// A person wants a trial like another one, with some values changed. As far as it is what was trained already, it has those epochs from
// there: it joins a stage that waits, or goes on from a checkpoint; else it begins by itself. A sweep that had ended goes on with it.
// Promise: no sweep has two trials with the same values.

import { toScore } from '../../../src/domain/objective.ts';
import { toSplitId } from '../../../src/domain/ids.ts';
import type { StrategySpec } from '../../../src/lr/spec.ts';
import { describeGiven } from '../../../src/space/describe.ts';
import type { Entry } from '../clone/entry.ts';
import { pathTo, toEntry } from '../clone/entry.ts';
import type { SharedEpoch, Values } from '../clone/prefix.ts';
import type { Cloning, Stamped } from '../event.ts';
import type { Fact, FactOf } from '../fact.ts';
import type { State, Sweep, Trial } from '../model.ts';
import { toChild, toRoot } from './stages.ts';
import { toTrial } from './submission.ts';

/** Nothing if there is no such trial, or one with these values already. */
export function decideClone(state: State, event: Stamped<Cloning>): readonly Fact[] {
  const sweep = state.sweeps.get(state.trials.get(event.fromTrialId)?.sweepId ?? '');
  if (sweep === undefined || findTwin(state, sweep.id, event, toText) !== undefined) return [];
  const { config, strategy, seed, epochs, prefix } = event;
  const number = (state.trialsOf.get(sweep.id)?.length ?? 0) + 1;
  const spec = { item: -1, config, learning_rate: strategy, seed, epochs };
  const made = toTrial(sweep, spec, number, describeGiven(strategy, sweep.spec.objective));
  const entry = prefix === null ? null : toEntry(state, prefix);
  return [
    ...(sweep.state === 'running' ? [] : [{ kind: 'sweep-reopened', sweepId: sweep.id } as const]),
    ...(entry === null || prefix === null
      ? begin(made, event)
      : enter(state, sweep, made, event, entry, prefix.epochs.slice(0, entry.epoch))),
  ];
}

function begin(made: Trial, event: Cloning): readonly Fact[] {
  const root = toRoot([made]);
  return [
    { kind: 'trial-created', trial: { ...made, stageId: root.id } },
    toCloned(made, event, [], 0),
    { kind: 'stage-created', stage: root },
  ];
}

function enter(
  state: State,
  sweep: Sweep,
  made: Trial,
  event: Cloning,
  { kind, stage, epoch }: Entry,
  shared: readonly SharedEpoch[],
): readonly Fact[] {
  const joins = kind === 'joins';
  const trial = { ...made, ...toStanding(sweep, shared) };
  const child = toChild(toSplitId(stage.id, made.id, epoch), stage, epoch, [trial], 'pending');
  const path = pathTo(state, stage, epoch)
    .map(({ stage: { id, fromEpoch }, until }) => ({
      stageId: id,
      fromEpoch,
      toEpoch: joins && id === stage.id ? null : until,
    }))
    .toReversed();
  return [
    { kind: 'trial-created', trial: { ...trial, stageId: joins ? stage.id : child.id } },
    toCloned(made, event, path, epoch),
    ...(joins ? [] : [{ kind: 'stage-created', stage: child } as const]),
  ];
}

function toCloned(
  { id: trialId, epochs: untilEpoch }: Trial,
  { fromTrialId, changes, by }: Cloning,
  path: FactOf['trial-cloned']['path'],
  epochs: number,
): FactOf['trial-cloned'] {
  return {
    kind: 'trial-cloned',
    trialId,
    fromTrialId,
    changes,
    by: by ?? null,
    path,
    epochs,
    untilEpoch,
  };
}

/** How a trial stands that has these epochs from others. */
function toStanding(
  { spec: { objective } }: Sweep,
  shared: readonly SharedEpoch[],
): Pick<Trial, 'epochsDone' | 'best' | 'last' | 'learningRate'> {
  let best: Trial['best'] = null;
  const values = shared.map(({ metrics }) =>
    Object.hasOwn(metrics, objective.metric)
      ? (metrics[objective.metric] ?? Number.NaN)
      : Number.NaN,
  );
  for (const [epoch, value] of values.entries())
    if (toScore(objective.mode, value) < toScore(objective.mode, best?.value))
      best = { epoch, value };
  return {
    epochsDone: shared.length,
    best,
    last: values.at(-1) ?? null,
    learningRate: shared.at(-1)?.learningRate ?? null,
  };
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
