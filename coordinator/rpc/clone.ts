// A clone as it is asked for becomes an event, or is refused in words.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import { changeTrial, toStrategyKey } from '../../src/spec/changed-trial.ts';
import type { Clone, ControlResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { findOverflow } from '../core/capacity.ts';
import { findTwin } from '../core/decide/clone.ts';
import type { Limits } from '../core/limits.ts';
import type { Cloning } from '../core/event.ts';
import type { State, Trial } from '../core/model.ts';
import { findPrefix } from '../core/clone/prefix.ts';
import type { Store } from '../store/store.ts';
import type { WatchPorts } from './watch.ts';

/** What a clone may change at most: a strategy and a config have no more values that a person would type. */
const CHANGES_MOST = 200;

/** @throws EspalierError `not-found`, `invalid` with every problem, `conflict` with the trial that has these values, or `busy` */
export async function clone(
  request: Clone,
  { loop, store, limits }: Pick<WatchPorts, 'loop' | 'store' | 'limits'>,
  by: string | undefined,
): Promise<ControlResponse> {
  assertRoom(loop.state, limits);
  const event = toCloning(request, loop.state, store, by);
  assertNew(loop.state, event);
  const facts = await loop.post(event);
  const made = facts.find((fact) => fact.kind === 'trial-cloned');
  if (made !== undefined) return { trials: 1, agentId: '', trialId: made.trialId };
  assertNew(loop.state, event);
  assertRoom(loop.state, limits);
  throw new Error('a clone was not made, and no other trial has its values');
}

/**
 * With the epochs that it has in common with trials that are on record.
 * @throws EspalierError `not-found`, or `invalid` with every problem
 */
export function toCloning(
  { trialId, changes }: Clone,
  state: State,
  store: Pick<Store, 'history'>,
  by?: string,
): Cloning {
  const trial = state.trials.get(trialId);
  const sweep = state.sweeps.get(trial?.sweepId ?? '');
  if (trial === undefined || sweep === undefined)
    throw new EspalierError('not-found', `no trial ${trialId.slice(0, 200)}`);
  if (changes.length > CHANGES_MOST)
    throw new EspalierError('invalid', `a clone changes at most ${CHANGES_MOST} values`);
  const changed = changeTrial(sweep.spec, trial, changes);
  if (!changed.ok)
    throw new EspalierError(
      'invalid',
      [`${trialId} cannot be cloned so`, ...changed.problems].join('\n  '),
    );
  const { values, words } = changed;
  const historyOf = (stageId: string): ReadonlyMap<number, Metrics> =>
    new Map(store.history(stageId).map(({ epoch, metrics }) => [epoch, metrics]));
  const prefix = findPrefix(state, sweep.id, values, historyOf);
  return { kind: 'cloned', fromTrialId: trialId, ...values, prefix, changes: words, by };
}

function assertRoom(state: State, limits: Limits): void {
  const overflow = findOverflow(state, 1, limits);
  if (overflow !== undefined) throw new EspalierError('busy', overflow);
}

function assertNew(state: State, event: Cloning): void {
  const sweepId = state.trials.get(event.fromTrialId)?.sweepId ?? '';
  const twin = findTwin(state, sweepId, event, toStrategyKey);
  if (twin === undefined) return;
  throw new EspalierError('conflict', `${describe(twin, event)}${whatToDo(twin)}`);
}

function describe({ id, state }: Trial, { fromTrialId, changes }: Cloning): string {
  if (id !== fromTrialId) return `${id} has these values already, and is ${state}`;
  return changes.length === 0
    ? `${id} would be the same trial again: say what is to be different`
    : `${id} itself has these values, and is ${state}`;
}

function whatToDo({ id, state }: Trial): string {
  return state === 'failed' ? `: "espalier retry ${id}" tries it again` : '';
}
