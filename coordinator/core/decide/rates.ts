// Range tests have found learning rates for a config: every trial of it that waits for them gets its values.
// Promise: trials of one config have the same values, whichever seed they have; one whose values then break a rule, or
// that has none, fails in words.

import {
  type Find,
  findingsOf,
  hasFindings,
  settleFindings,
  toFindKey,
} from '../../../src/lr/find.ts';
import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { describeGiven, describeStrategy } from '../../../src/space/describe.ts';
import { trialAt } from '../../../src/space/grid.ts';
import type { ReportItem } from '../event.ts';
import type { Fact, FactOf } from '../fact.ts';
import { isOpen, openMembers, openTrials } from '../members.ts';
import type { Now, Stage, State, Sweep, Trial } from '../model.ts';
import { trialEnded, withdraw } from './ending.ts';
import { byStage } from './pausing.ts';
import { splitOff } from './stages.ts';

type RatesItem = Extract<ReportItem, { kind: 'rates' }>;

/** Nothing if nobody waits for them any more. */
export function decideRates(
  state: State,
  stage: Stage,
  { rates, missing }: RatesItem,
  now: Now,
): readonly Fact[] {
  const sweep = state.sweeps.get(stage.sweepId);
  const [lead] = openTrials(state, stage);
  if (sweep === undefined || lead === undefined) return [];
  const found = byFind(rates);
  const without = byFind(missing);
  const facts = trialsLike(state, lead).flatMap((trial) => {
    const why = findingsOf(trial.strategy).flatMap(([, { find }]) => without(find)?.words ?? []);
    if (why[0] !== undefined) return [trialEnded(trial.id, 'failed', why[0], now)];
    const strategy = settleFindings(trial.strategy, found);
    return strategy === undefined ? [] : settle(sweep, trial, strategy, now);
  });
  const endings = facts.filter((fact) => fact.kind === 'trial-ended');
  return [
    ...(rates.length === 0 ? [] : [toFound(lead, rates, now)]),
    ...facts.filter((fact) => fact.kind === 'strategy-settled'),
    ...endFailed(state, stage, endings, now),
  ];
}

/** Looks up what a find came to. */
function byFind<T extends { readonly find: Find }>(
  all: readonly T[],
): (find: Find) => T | undefined {
  const byKey = new Map(all.map((one) => [toFindKey(one.find), one]));
  return (find) => byKey.get(toFindKey(find));
}

function toFound(
  { sweepId, config }: Trial,
  rates: RatesItem['rates'],
  { wallMs }: Now,
): FactOf['rates-found'] {
  return { kind: 'rates-found', sweepId, config, rates, wallMs };
}

/** Trials of the sweep with the same config that wait for rates. */
function trialsLike(state: State, { sweepId, config }: Trial): readonly Trial[] {
  const key = JSON.stringify(config);
  return (state.trialsOf.get(sweepId) ?? [])
    .filter((id) => isOpen(state, id))
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined)
    .filter((trial) => hasFindings(trial.strategy) && JSON.stringify(trial.config) === key);
}

function settle(
  sweep: Sweep,
  trial: Trial,
  found: Trial['strategy'],
  now: Now,
): readonly FactOf['strategy-settled' | 'trial-ended'][] {
  const parsed = parseStrategy(found, sweep.spec.objective);
  const strategy = parsed.ok ? parsed.strategy : found;
  const strategyLabel = describe(sweep, trial, strategy);
  const settled = { kind: 'strategy-settled', trialId: trial.id, strategy, strategyLabel } as const;
  if (parsed.ok) return [settled];
  const problems = parsed.problems.map(({ message }) => message).join('; ');
  const words = `the learning rate that was found does not go with the rest: ${problems}`;
  return [settled, trialEnded(trial.id, 'failed', words, now)];
}

/** The grid does not know its clones. */
function describe({ spec }: Sweep, trial: Trial, strategy: Trial['strategy']): string {
  return trial.clonedFrom === null
    ? describeStrategy({ ...trialAt(spec, trial.number - 1), learning_rate: strategy }, spec)
    : describeGiven(strategy, spec.objective);
}

/**
 * Those that fail leave the stage first, so that they can be tried again from their own first epoch, wherever the others are by then. A
 * stage of which nobody is left ends; the reporting one is ended by its own agent's last word.
 */
function endFailed(
  state: State,
  reporting: Stage,
  endings: readonly FactOf['trial-ended'][],
  now: Now,
): readonly Fact[] {
  const byId = new Map(endings.map((ending) => [ending.trialId, ending]));
  const failed = [...byId.keys()]
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
  return byStage(state, failed).flatMap(([stage, trials]) => {
    const own = trials.flatMap(({ id }) => byId.get(id) ?? []);
    if (trials.length < openMembers(state, stage).length) {
      const apart = splitOff(stage, trials, 'pending');
      return [apart, ...own, { kind: 'stage-ended', stageId: apart.stage.id } as const];
    }
    return stage.id === reporting.id ? own : [...own, ...withdraw(stage, 'no trial is left', now)];
  });
}
