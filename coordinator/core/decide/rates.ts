// Range tests have found learning rates for a config: every trial of it that waits for them gets its values.
// Promise: trials of one config have the same values, whichever seed they have; one whose values then break a rule, or
// that has none, fails in words.

import type { TrialSpec } from '../../../src/domain/sweep.ts';
import { findingsOf, hasFindings, settleFindings, toFindKey } from '../../../src/lr/find.ts';
import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { describeStrategy } from '../../../src/space/describe.ts';
import { trialAt } from '../../../src/space/grid.ts';
import type { ReportItem } from '../event.ts';
import type { Fact, FactOf } from '../fact.ts';
import { isOpen, openMembers, openTrials } from '../members.ts';
import type { Now, Stage, State, Sweep, Trial } from '../model.ts';
import { trialEnded } from './ending.ts';
import { byStage } from './pausing.ts';
import { splitOff } from './stages.ts';

/** Nothing if nobody waits for them any more. */
export function decideRates(
  state: State,
  stage: Stage,
  { rates, missing }: Extract<ReportItem, { kind: 'rates' }>,
  now: Now,
): readonly Fact[] {
  const sweep = state.sweeps.get(stage.sweepId);
  const [lead] = openTrials(state, stage);
  if (sweep === undefined || lead === undefined) return [];
  const byKey = new Map(rates.map((rate) => [toFindKey(rate.find), rate]));
  const without = new Map(missing.map(({ find, words }) => [toFindKey(find), words]));
  const facts = trialsLike(state, lead).flatMap((trial) => {
    const why = findingsOf(trial.strategy)
      .map(([, { find }]) => without.get(toFindKey(find)))
      .find((words) => words !== undefined);
    if (why !== undefined) return [trialEnded(trial.id, 'failed', why, now)];
    const strategy = settleFindings(trial.strategy, (find) => byKey.get(toFindKey(find)));
    return strategy === undefined ? [] : settle(sweep, trial, strategy, now);
  });
  const settled = facts.filter((fact) => fact.kind === 'strategy-settled');
  const endings = facts.filter((fact) => fact.kind === 'trial-ended');
  const { config } = lead;
  const known = {
    kind: 'rates-found',
    sweepId: sweep.id,
    config,
    rates,
    wallMs: now.wallMs,
  } as const;
  return [...(rates.length > 0 ? [known] : []), ...settled, ...endFailed(state, stage, endings)];
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
  const spec: TrialSpec = { ...trialAt(sweep.spec, trial.number - 1), learning_rate: strategy };
  const strategyLabel = describeStrategy(spec, sweep.spec);
  const settled = { kind: 'strategy-settled', trialId: trial.id, strategy, strategyLabel } as const;
  if (parsed.ok) return [settled];
  const problems = parsed.problems.map(({ message }) => message).join('; ');
  const words = `the learning rate that was found does not go with the rest: ${problems}`;
  return [settled, trialEnded(trial.id, 'failed', words, now)];
}

/**
 * Those that fail leave the stage first, so that they can be tried again from their own first epoch, wherever the others are by then. A
 * stage of which nobody is left ends; the reporting one is ended by its own agent's last word.
 */
function endFailed(
  state: State,
  reporting: Stage,
  endings: readonly FactOf['trial-ended'][],
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
    return stage.id === reporting.id
      ? own
      : [...own, { kind: 'stage-ended', stageId: stage.id } as const];
  });
}
