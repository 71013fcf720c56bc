// What people are shown, from the state. Pure; the wire's own view types, since nothing else is made of them.

import type { Mode } from '../../src/domain/objective.ts';
import { toScore, WORST } from '../../src/domain/objective.ts';
import type {
  AgentView,
  SweepView,
  TrialView,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import type { Limits } from './limits.ts';
import type { Agent, Now, State, Sweep, Trial } from './model.ts';
import { isConnected, isFinal, NO_TRIALS } from './model.ts';

/** Characters of a trial's message in lists; the whole is in the database. */
const MESSAGE_MOST = 500;

/** A sweep at a glance. */
export function toSweepView(state: State, sweep: Sweep, now: Now): SweepView {
  const trials = (state.trialsOf.get(sweep.id) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
  const counts = state.counts.get(sweep.id) ?? NO_TRIALS;
  const best = findBest(trials, sweep);
  const { objective, name } = sweep.spec;
  return {
    sweepId: sweep.id,
    name,
    state: sweep.state,
    objective: { metric: objective.metric, mode: objective.mode },
    trials: trials.length,
    ...counts,
    ...countEpochs(state, trials),
    bestTrialId: best?.id ?? '',
    bestValue: best === undefined ? 0 : (toResult(best, sweep) ?? 0),
    elapsedMs: (sweep.endedWallMs ?? now.wallMs) - sweep.submittedWallMs,
    remainingMs: estimateRemaining(state, sweep, trials),
  };
}

/** A trial in a list; `recent` are the latest values of the objective. */
export function toTrialView(state: State, trial: Trial, recent: readonly number[]): TrialView {
  const stage = state.stages.get(trial.stageId);
  const agent = stage?.lease && state.agents.get(stage.lease.agentId);
  return {
    trialId: trial.id,
    sweepId: trial.sweepId,
    number: trial.number,
    state: trial.state,
    strategy: trial.strategy.strategy,
    strategyValues: trial.strategyLabel,
    config: trial.configLabel,
    seed: trial.seed,
    epoch: trial.epochsDone,
    epochs: trial.epochs,
    hasValue: trial.best !== null,
    bestValue: trial.best?.value ?? 0,
    bestEpoch: trial.best?.epoch ?? 0,
    lastValue: trial.last ?? 0,
    learningRate: trial.learningRate ?? 0,
    slot: stage?.lease ? `${agent?.name ?? stage.lease.agentId}:${stage.lease.slot}` : '',
    message: trial.message.slice(0, MESSAGE_MOST).toWellFormed(),
    recent: [...recent],
    attempt: stage?.attempt ?? 0,
  };
}

/** An agent and what its slots do. */
export function toAgentView(state: State, agent: Agent, now: Now, limits: Limits): AgentView {
  const leases = state.leasesOf.get(agent.id);
  return {
    agentId: agent.id,
    name: agent.name,
    state: toContactState(state, agent, now, limits),
    version: agent.version,
    slots: agent.slots.map(({ name, kind }) => {
      const stage = state.stages.get(leases?.get(name) ?? '');
      return { name, kind, trialId: stage?.members[0] ?? '' };
    }),
  };
}

function toContactState(state: State, agent: Agent, now: Now, limits: Limits): string {
  if (!isConnected(state, agent.id)) return agent.state;
  const seen = state.contacts.get(agent.id)?.seenMonoMs ?? null;
  if (seen === null || now.monoMs - seen >= limits.suspectMs) return 'suspect';
  return agent.draining ? 'draining' : 'connected';
}

function findBest(trials: readonly Trial[], sweep: Sweep): Trial | undefined {
  const score = (trial: Trial): number => toTrialScore(trial, sweep);
  const best = trials.reduce<Trial | undefined>(
    (a, b) => (a === undefined || score(b) < score(a) ? b : a),
    undefined,
  );
  return best !== undefined && score(best) < WORST ? best : undefined;
}

function toTrialScore(trial: Trial, sweep: Sweep): number {
  const mode: Mode = sweep.spec.objective.mode;
  return trial.state === 'diverged' || trial.state === 'failed'
    ? WORST
    : toScore(mode, toResult(trial, sweep));
}

function toResult(trial: Trial, sweep: Sweep): number | undefined {
  return sweep.spec.objective.at === 'best' ? trial.best?.value : (trial.last ?? undefined);
}

function countEpochs(
  state: State,
  trials: readonly Trial[],
): Pick<SweepView, 'epochsTotal' | 'epochsDelivered' | 'epochsTrained' | 'epochsRepeated'> {
  const stages = [...new Set(trials.map((trial) => trial.stageId))].map((id) =>
    state.stages.get(id),
  );
  return {
    epochsTotal: sum(trials.map((trial) => trial.epochs)),
    epochsDelivered: sum(trials.map((trial) => trial.epochsDone)),
    epochsTrained: sum(stages.map((stage) => stage?.recordedEpochs ?? 0)),
    epochsRepeated: sum(stages.map((stage) => stage?.repeatedEpochs ?? 0)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function estimateRemaining(state: State, sweep: Sweep, trials: readonly Trial[]): number {
  const pace = state.paces.get(sweep.id);
  const busy = state.counts.get(sweep.id)?.running ?? 0;
  if (pace === undefined || busy === 0) return sweep.state === 'running' ? -1 : 0;
  const open = trials.filter((trial) => !isFinal(trial.state));
  const left = sum(open.map((trial) => trial.epochs - trial.epochsDone));
  return (left * pace * 1000) / busy;
}
