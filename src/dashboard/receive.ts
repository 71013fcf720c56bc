// What the coordinator said, folded into the model.
// Promise: every text from outside is cleaned here, so that nothing behind this file can hold a control sequence.

import type {
  AgentView,
  FieldView,
  StageView,
  SweepView,
  TrialView,
  WatchResponse,
} from '../wire/generated/espalier/v1/sweep.ts';
import { toPlainLine } from '../domain/plain-text.ts';
import { mergeLanes } from './lanes/merge-lanes.ts';
import { mergeFacts } from './log/merge-facts.ts';
import type { Model } from './model.ts';

const FAILURES_KEPT = 100;

/** `model` after `response`, its rows not yet arranged. */
export function receive(model: Model, response: WatchResponse): Model {
  const known: ReadonlyMap<string, TrialView> = response.complete ? new Map() : model.trials;
  const fresh = response.trials.map(cleanTrial);
  const trials = new Map(known);
  for (const trial of fresh) trials.set(trial.trialId, trial);
  const sweeps = response.sweeps.map(cleanSweep);
  return {
    ...model,
    sweeps,
    trials,
    stages: mergeStages(response.complete ? new Map() : model.stages, response.stages),
    agents: response.agents.map(cleanAgent),
    facts: mergeFacts(response.complete ? [] : model.facts, response.facts),
    lanes: mergeLanes(response.complete ? new Map() : model.lanes, response.attempts),
    logBack:
      model.logBack > 0 && model.logShows === 'facts'
        ? model.logBack + response.facts.length
        : model.logBack,
    failures: mergeFailures(model.failures, trials, fresh),
    sweepId: chooseSweep(model.sweepId, sweeps),
    connection: { kind: 'connected' },
    receivedAtMs: model.nowMs,
    wallMs: response.nowMs,
  };
}

function chooseSweep(current: string, sweeps: readonly SweepView[]): string {
  if (sweeps.some(({ sweepId }) => sweepId === current)) return current;
  const chosen = sweeps.findLast(({ state }) => state === 'running') ?? sweeps.at(-1);
  return chosen?.sweepId ?? current;
}

// The same map where nothing is new: rows of the tree are made of it.
function mergeStages(
  known: ReadonlyMap<string, StageView>,
  fresh: readonly StageView[],
): ReadonlyMap<string, StageView> {
  if (fresh.length === 0) return known;
  const stages = new Map(known);
  for (const stage of fresh) stages.set(stage.stageId, cleanStage(stage));
  return stages;
}

function mergeFailures(
  known: readonly string[],
  trials: ReadonlyMap<string, TrialView>,
  fresh: readonly TrialView[],
): readonly string[] {
  const old = new Set(known.filter((trialId) => isFailure(trials.get(trialId))));
  const added = fresh
    .filter((trial) => isFailure(trial) && !old.has(trial.trialId))
    .toSorted((a, b) => a.number - b.number);
  return [...old, ...added.map(({ trialId }) => trialId)].slice(-FAILURES_KEPT);
}

function isFailure(trial: TrialView | undefined): boolean {
  return trial?.state === 'failed' || trial?.state === 'diverged';
}

function cleanSweep(sweep: SweepView): SweepView {
  const { objective } = sweep;
  return {
    ...sweep,
    name: toPlainLine(sweep.name),
    state: toPlainLine(sweep.state),
    objective: objective && {
      metric: toPlainLine(objective.metric),
      mode: toPlainLine(objective.mode),
    },
  };
}

function cleanTrial(trial: TrialView): TrialView {
  return {
    ...trial,
    state: toPlainLine(trial.state),
    strategy: toPlainLine(trial.strategy),
    strategyValues: toPlainLine(trial.strategyValues),
    config: toPlainLine(trial.config),
    slot: toPlainLine(trial.slot),
    message: toPlainLine(trial.message),
    strategyFields: trial.strategyFields.map(cleanField),
    configFields: trial.configFields.map(cleanField),
  };
}

function cleanField({ name, value }: FieldView): FieldView {
  return { name: toPlainLine(name), value: toPlainLine(value) };
}

function cleanStage(stage: StageView): StageView {
  return { ...stage, state: toPlainLine(stage.state), slot: toPlainLine(stage.slot) };
}

function cleanAgent(agent: AgentView): AgentView {
  return {
    ...agent,
    name: toPlainLine(agent.name),
    state: toPlainLine(agent.state),
    version: toPlainLine(agent.version),
    reason: toPlainLine(agent.reason),
    slots: agent.slots.map((slot) => ({
      ...slot,
      name: toPlainLine(slot.name),
      kind: toPlainLine(slot.kind),
      description: toPlainLine(slot.description),
    })),
  };
}
