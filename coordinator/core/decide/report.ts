// An agent reports what happened to an attempt. Reports of an attempt that is no longer current change nothing.

import type { Metrics, Objective } from '../../../src/domain/objective.ts';
import { toScore } from '../../../src/domain/objective.ts';
import type { Report, ReportItem, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Now, Stage, State } from '../model.ts';
import { decideOnFailure } from '../retry.ts';
import { endOrRetry, endStage, leaseEnded, openMembers } from './ending.ts';
import { loseStage } from './loss.ts';

type Item<K extends ReportItem['kind']> = Extract<ReportItem, { kind: K }>;

/** A sequence number that was taken before is ignored: the agent has not heard of the acknowledgement. */
export function decideReport(
  state: State,
  event: Stamped<Report>,
  limits: Limits,
): readonly Fact[] {
  const agent = state.agents.get(event.agentId);
  if (agent === undefined || event.sequence <= agent.lastSequence) return [];
  const stage = findCurrent(state, event);
  const { agentId, sequence } = event;
  const taken: Fact = { kind: 'report-taken', agentId, sequence, isStale: stage === undefined };
  return stage === undefined
    ? [taken]
    : [taken, ...decideItem(state, stage, event.item, event.now, limits)];
}

/** The stage that a report is about, if the reporting attempt is its current one. */
function findCurrent(state: State, report: Report): Stage | undefined {
  const stage = state.stages.get(report.stageId);
  if (stage?.lease == null) return undefined;
  return stage.attempt === report.attempt && stage.lease.agentId === report.agentId
    ? stage
    : undefined;
}

function decideItem(
  state: State,
  stage: Stage,
  item: ReportItem,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  switch (item.kind) {
    case 'opened':
      return decideOpened(state, stage, item, now, limits);
    case 'epoch':
      return decideEpoch(state, stage, item, now, limits);
    case 'series':
      return isRecorded(stage, item.epoch)
        ? []
        : [{ ...item, kind: 'series-recorded', stageId: stage.id, attempt: stage.attempt }];
    case 'log':
      return [{ ...item, kind: 'log-recorded', stageId: stage.id, attempt: stage.attempt }];
    case 'ended':
      return decideEnded(state, stage, item, now, limits);
  }
}

function decideOpened(
  state: State,
  stage: Stage,
  item: Item<'opened'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const expected = state.sweeps.get(stage.sweepId)?.spec.steps_per_epoch ?? stage.stepsPerEpoch;
  if (expected !== null && expected !== item.stepsPerEpoch) {
    const message = `an epoch has ${item.stepsPerEpoch} steps, but ${expected} were recorded or declared for this trial`;
    return failStage(state, stage, message, now, limits);
  }
  const { stepsPerEpoch, backend, numerics } = item;
  return [
    {
      kind: 'stage-opened',
      stageId: stage.id,
      attempt: stage.attempt,
      stepsPerEpoch,
      backend,
      numerics,
    },
  ];
}

function decideEpoch(
  state: State,
  stage: Stage,
  item: Item<'epoch'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const { id: stageId, attempt } = stage;
  if (isRecorded(stage, item.epoch)) {
    const isSame = item.recorded !== undefined && areSame(item.recorded, item.metrics);
    return [{ kind: 'epoch-repeated', stageId, attempt, epoch: item.epoch, isSame }];
  }
  const next = stage.fromEpoch + stage.recordedEpochs;
  const due = epochsDue(state, stage);
  if (item.epoch >= due) {
    return failStage(
      state,
      stage,
      `epoch ${item.epoch} was reported of a trial of ${due} epochs`,
      now,
      limits,
    );
  }
  if (item.epoch !== next) {
    return failStage(
      state,
      stage,
      `epoch ${item.epoch} was reported where epoch ${next} was due`,
      now,
      limits,
    );
  }
  const { metrics, rates, seconds } = item;
  const { value, isBest } = judge(state, stage, metrics);
  return [
    {
      kind: 'epoch-recorded',
      stageId,
      attempt,
      epoch: next,
      metrics,
      rates,
      seconds,
      value,
      isBest,
      wallMs: now.wallMs,
    },
  ];
}

function decideEnded(
  state: State,
  stage: Stage,
  item: Item<'ended'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  switch (item.outcome) {
    case 'completed': {
      const due = epochsDue(state, stage);
      const done = stage.fromEpoch + stage.recordedEpochs;
      if (done < due)
        return failStage(state, stage, `it ended after ${done} of ${due} epochs`, now, limits);
      return [
        leaseEnded(stage, 'completed', item.message, now),
        ...endStage(state, stage, 'completed', '', now),
      ];
    }
    case 'diverged':
      return [
        leaseEnded(stage, 'diverged', item.message, now),
        ...endStage(state, stage, 'diverged', item.message, now),
      ];
    case 'failed':
      return failStage(state, stage, item.message, now, limits);
    case 'lost':
      return loseStage(state, stage, item.message, now, limits);
  }
}

function failStage(
  state: State,
  stage: Stage,
  message: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const retries = state.sweeps.get(stage.sweepId)?.spec.retries ?? 0;
  const decision = decideOnFailure(stage, message, retries, limits);
  return endOrRetry(state, stage, 'failed', message, decision, now);
}

function isRecorded(stage: Stage, epoch: number): boolean {
  return epoch >= stage.fromEpoch && epoch < stage.fromEpoch + stage.recordedEpochs;
}

function epochsDue(state: State, stage: Stage): number {
  return Math.max(...stage.members.map((id) => state.trials.get(id)?.epochs ?? 0));
}

/** The value of the objective, and whether it is the best so far of those that still train here. */
function judge(state: State, stage: Stage, metrics: Metrics): { value: number; isBest: boolean } {
  const objective: Objective | undefined = state.sweeps.get(stage.sweepId)?.spec.objective;
  const value = objective === undefined ? Number.NaN : toValue(metrics, objective.metric);
  const mode = objective?.mode ?? 'min';
  const best = state.trials.get(openMembers(state, stage)[0] ?? '')?.best;
  return { value, isBest: toScore(mode, value) < toScore(mode, best?.value) };
}

/** NaN where it was not reported. Own names only: a metric may be called like something that every object has. */
function toValue(metrics: Metrics, name: string): number {
  return (Object.hasOwn(metrics, name) ? metrics[name] : undefined) ?? Number.NaN;
}

function areSame(a: Metrics, b: Metrics): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && Object.is(a[name], b[name]))
  );
}
