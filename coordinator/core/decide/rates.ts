// Range tests have found learning rates for a config: every trial of it that waits for them gets its values.
// Promise: trials of one config have the same values, whichever seed they have; one whose values then break a rule fails in words.

import type { TrialSpec } from '../../../src/domain/sweep.ts';
import { groupBy } from '../../../src/domain/group-by.ts';
import { hasFindings, settleFindings, toFindKey } from '../../../src/lr/find.ts';
import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { describeStrategy } from '../../../src/space/describe.ts';
import { trialAt } from '../../../src/space/grid.ts';
import type { Fact, FactOf } from '../fact.ts';
import { isOpen, openMembers, openTrials } from '../members.ts';
import type { FoundRate, Now, Stage, State, Sweep, Trial } from '../model.ts';
import { leaseEnded, trialEnded } from './ending.ts';

/** Nothing if nobody waits for them any more. */
export function decideRates(
  state: State,
  stage: Stage,
  rates: readonly FoundRate[],
  now: Now,
): readonly Fact[] {
  const sweep = state.sweeps.get(stage.sweepId);
  const [lead] = openTrials(state, stage);
  if (sweep === undefined || lead === undefined) return [];
  const byKey = new Map(rates.map((rate) => [toFindKey(rate.find), rate]));
  const facts = trialsLike(state, lead).flatMap((trial) => {
    const strategy = settleFindings(trial.strategy, (find) => byKey.get(toFindKey(find)));
    return strategy === undefined ? [] : settle(sweep, trial, strategy, now);
  });
  const failed = facts.flatMap((fact) => (fact.kind === 'trial-ended' ? [fact.trialId] : []));
  const { config } = lead;
  return [
    { kind: 'rates-found', sweepId: sweep.id, config, rates, wallMs: now.wallMs },
    ...facts,
    ...endEmptied(state, stage, failed, now),
  ];
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

/** Other stages of which no trial is left; the reporting one is ended by its own agent's last word. */
function endEmptied(
  state: State,
  reporting: Stage,
  failed: readonly string[],
  now: Now,
): readonly Fact[] {
  const over = new Set(failed);
  const stages = groupBy(failed, (id) => state.trials.get(id)?.stageId ?? '').keys();
  return [...stages]
    .map((id) => state.stages.get(id))
    .filter((stage) => stage !== undefined)
    .filter(({ id }) => id !== reporting.id)
    .filter((stage) => openMembers(state, stage).every((id) => over.has(id)))
    .flatMap((stage): readonly Fact[] => {
      const ended: Fact = { kind: 'stage-ended', stageId: stage.id };
      if (stage.lease === null) return [ended];
      return [leaseEnded(stage, 'withdrawn', 'its learning rates go with none of it', now), ended];
    });
}
