// What people are shown, from the state. Pure; the wire's own view types, since nothing else is made of them.

import type {
  AgentView,
  FieldView,
  StageView,
  SweepView,
  TrialView,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { describeAside, isAside } from './aside.ts';
import { describeHeld, findBrake } from './brake.ts';
import type { Limits } from './limits.ts';
import { heldBy } from './collection.ts';
import { toResult } from './leader.ts';
import { openTrials } from './members.ts';
import type { Agent, Now, Stage, State, Sweep, Trial } from './model.ts';
import { isConnected, isFinal, NO_EPOCHS, NO_TRIALS } from './model.ts';
import { isLeaving } from './suitability.ts';

/** Leading trials that are named of a stage. */
const LEADING_MOST = 16;

/** Characters of a trial's message in lists; the whole is in the database. */
const MESSAGE_MOST = 500;

/** Characters of one value of a trial. */
const FIELD_MOST = 60;

/** A sweep at a glance. */
export function toSweepView(state: State, sweep: Sweep, now: Now): SweepView {
  const trials = (state.trialsOf.get(sweep.id) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
  const counts = state.counts.get(sweep.id) ?? NO_TRIALS;
  const best = state.trials.get(state.leaders.get(sweep.id) ?? '');
  const { trained, repeated, notReproducible } = state.totals.get(sweep.id) ?? NO_EPOCHS;
  const { objective, name } = sweep.spec;
  return {
    sweepId: sweep.id,
    name,
    state: sweep.state,
    objective: { metric: objective.metric, mode: objective.mode },
    trials: trials.length,
    ...counts,
    epochsTotal: sum(trials.map((trial) => trial.epochs)),
    epochsDelivered: sum(trials.map((trial) => trial.epochsDone)),
    epochsTrained: trained,
    epochsRepeated: repeated,
    notReproducible,
    checkpointBytes: countBytes(state, sweep),
    bestTrialId: best?.id ?? '',
    bestValue: best === undefined ? 0 : (toResult(best, sweep) ?? 0),
    elapsedMs: (sweep.endedWallMs ?? now.wallMs) - sweep.submittedWallMs,
    remainingMs: estimateRemaining(state, sweep, trials),
    countsLast: objective.at === 'last',
    priority: sweep.priority,
  };
}

/** A trial in a list; `recent` are the latest values of the objective. */
export function toTrialView(state: State, trial: Trial, recent: readonly number[]): TrialView {
  const stage = state.stages.get(trial.stageId);
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
    slot: stage !== undefined && !isFinal(trial.state) ? slotOf(state, stage) : '',
    message: trial.message.slice(0, MESSAGE_MOST).toWellFormed(),
    recent: [...recent],
    attempt: stage?.attempt ?? 0,
    stageId: trial.stageId,
    pausing: trial.isPausing,
    strategyFields: toFields(trial.strategy, trial.strategyLabel),
    configFields: toFields({ ...trial.config, epochs: trial.epochs }, trial.configLabel),
    clonedFrom: trial.clonedFrom ?? '',
    priority: trial.priority,
  };
}

/** The values that a label names, one by one. */
function toFields(values: Readonly<Record<string, unknown>>, label: string): FieldView[] {
  const words = new Set(label.split(' '));
  return Object.entries(values)
    .filter(([name]) => words.has(name))
    .map(([name, value]) => ({ name, value: toText(value).slice(0, FIELD_MOST) }));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
}

/** A stage of the tree. */
export function toStageView(state: State, stage: Stage): StageView {
  const held = state.checkpoints.get(stage.id) ?? [];
  return {
    stageId: stage.id,
    sweepId: stage.sweepId,
    parentId: stage.parentId ?? '',
    fromEpoch: stage.fromEpoch,
    recordedEpochs: stage.recordedEpochs,
    repeatedEpochs: stage.repeatedEpochs,
    state: stage.state === 'leased' ? 'running' : stage.state,
    members: stage.members.length,
    leading: stage.members
      .slice(0, LEADING_MOST)
      .map((trialId) => state.trials.get(trialId)?.number ?? 0),
    untilEpoch: stage.untilEpoch,
    slot: slotOf(state, stage),
    reproducible: stage.reproducible,
    checkpointBytes: sum(held.map(({ sizeBytes }) => sizeBytes)),
    attempt: stage.attempt,
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
    reason: toReason(state, agent, now, limits),
    host: undefined,
    silentMs: toSilence(state, agent, now),
    slots: agent.slots.map(({ name, kind, description }) => {
      const stage = state.stages.get(leases?.get(name) ?? '');
      const trials = stage === undefined ? [] : openTrials(state, stage);
      const trialId = trials[0]?.id ?? '';
      const aside = isAside(state, { agentId: agent.id, slot: name }, now);
      const what = { trialId, stageId: stage?.id ?? '', trials: trials.length };
      return { name, kind, description, ...what, aside, load: undefined };
    }),
  };
}

function toSilence(state: State, { id }: Agent, now: Now): number {
  const seen = state.contacts.get(id)?.seenMonoMs ?? null;
  return seen === null ? -1 : now.monoMs - seen;
}

function toContactState(state: State, agent: Agent, now: Now, limits: Limits): string {
  if (!isConnected(state, agent.id)) return agent.state;
  if (state.held.has(agent.id)) return 'held';
  const seen = state.contacts.get(agent.id)?.seenMonoMs ?? null;
  if (seen === null || now.monoMs - seen >= limits.suspectMs) return 'suspect';
  if (isLeaving(agent)) return 'draining';
  const isOut = agent.slots.every(({ name }) =>
    isAside(state, { agentId: agent.id, slot: name }, now),
  );
  return isOut && agent.slots.length > 0 ? 'aside' : 'connected';
}

function toReason(state: State, agent: Agent, now: Now, limits: Limits): string {
  const brake = state.held.has(agent.id) ? findBrake(state, now, limits) : null;
  return brake === null ? describeAside(state, agent, now) : describeHeld(brake);
}

function slotOf(state: State, { lease }: Stage): string {
  if (lease === null) return '';
  return `${state.agents.get(lease.agentId)?.name ?? lease.agentId}:${lease.slot}`;
}

/** Each checkpoint once, wherever it lies. */
function countBytes(state: State, { id }: Sweep): number {
  return sum(heldBy(state, id).map(({ sizeBytes }) => sizeBytes));
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/**
 * From the pace so far: the epochs that open trials have left, as far as they were shared until now, and at least those of the
 * open stages' longest trials, which are trained whatever is shared.
 */
function estimateRemaining(state: State, sweep: Sweep, trials: readonly Trial[]): number {
  const pace = state.paces.get(sweep.id);
  const open = trials.filter(({ state: is }) => is === 'pending' || is === 'running');
  const stages = [...new Set(open.map(({ stageId }) => stageId))].map((id) => state.stages.get(id));
  const busy = stages.filter((stage) => stage?.lease).length;
  if (pace === undefined || busy === 0) return sweep.state === 'running' ? -1 : 0;
  const delivered = sum(trials.map((trial) => trial.epochsDone));
  const share = (state.totals.get(sweep.id) ?? NO_EPOCHS).trained / Math.max(1, delivered);
  const left = sum(open.map((trial) => trial.epochs - trial.epochsDone)) * Math.min(1, share);
  const longest = new Map<string, number>();
  for (const { stageId, epochs, epochsDone } of open)
    longest.set(stageId, Math.max(longest.get(stageId) ?? 0, epochs - epochsDone));
  return (Math.max(left, sum([...longest.values()])) * pace * 1000) / busy;
}
