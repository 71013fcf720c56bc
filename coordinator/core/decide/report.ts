// An agent reports what happened to an attempt. Reports of an attempt that is no longer current change nothing.

import type { Metrics, Objective } from '../../../src/domain/objective.ts';
import { findDivergence, toScore } from '../../../src/domain/objective.ts';
import type { Report, ReportItem, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import { decideStrike } from '../aside.ts';
import { waitForProcess } from '../exclusive.ts';
import type { Limits } from '../limits.ts';
import { decideLog } from '../logs.ts';
import type { Lease, Now, Stage, State } from '../model.ts';
import { nextEpoch, openTrials } from '../members.ts';
import { findCheckpoint } from '../path.ts';
import { testOf } from '../range-tests.ts';
import { decideOnFailure } from '../retry.ts';
import { isOfferedElsewhere } from '../suitability.ts';
import { endOrRetry, endStage, endToGoOn, leaseEnded, trialEnded } from './ending.ts';
import { decideFork, findForkProblem } from './fork.ts';
import { forgetReports, takeBack } from './forgotten.ts';
import { loseStage, stagesOf } from './loss.ts';
import { decideRates } from './rates.ts';

type Item<K extends ReportItem['kind']> = Extract<ReportItem, { kind: K }>;

/** A stage whose current attempt has reported. */
type Leased = Stage & { readonly lease: Lease };

/**
 * A sequence number that was taken before is ignored: the agent has not heard of the acknowledgement. Agents leave out none: where
 * some are missing, they were acknowledged and are not on record.
 */
export function decideReport(
  state: State,
  event: Stamped<Report>,
  limits: Limits,
): readonly Fact[] {
  const agent = state.agents.get(event.agentId);
  if (agent === undefined || event.sequence <= agent.lastSequence) return [];
  const { agentId, sequence, now } = event;
  const forgotten = forgetReports(state, agentId, sequence - 1);
  const stage = forgotten.length === 0 ? findCurrent(state, event) : undefined;
  const taken: Fact = { kind: 'report-taken', agentId, sequence, isStale: stage === undefined };
  if (forgotten.length > 0)
    return [...forgotten, ...takeBack(state, stagesOf(state, agentId), agent.name, now), taken];
  return stage === undefined
    ? [taken]
    : [taken, ...decideItem(state, stage, event.item, event.now, limits)];
}

/** The stage that a report is about, if the reporting attempt is its current one. */
function findCurrent(state: State, report: Report): Leased | undefined {
  const stage = state.stages.get(report.stageId);
  if (stage === undefined || !isLeased(stage)) return undefined;
  return stage.attempt === report.attempt && stage.lease.agentId === report.agentId
    ? stage
    : undefined;
}

function isLeased(stage: Stage): stage is Leased {
  return stage.lease !== null;
}

function decideItem(
  state: State,
  stage: Leased,
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
      return decideSeries(stage, item);
    case 'log':
      return decideLog(stage, item, limits);
    case 'checkpoint':
      return decideCheckpoint(state, stage, item);
    case 'forked': {
      const problem = findForkProblem(state, stage, item);
      return problem === undefined
        ? decideFork(state, stage, stage.lease, item, now)
        : failStage(state, stage, problem, now, limits);
    }
    case 'rates':
      return decideRates(state, stage, item, now);
    case 'ended':
      return decideEnded(state, stage, item, now, limits);
  }
}

function decideOpened(
  state: State,
  stage: Leased,
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
  const { id: stageId, attempt, sweepId } = stage;
  const { agentId, slot } = stage.lease;
  const learned: Fact = { kind: 'numerics-learned', sweepId, agentId, slot, numerics };
  if (isOfferedElsewhere(state, stage, stage.lease, numerics)) {
    const message = `it was begun with ${stage.numerics}; ${slot} computes with ${numerics}`;
    const waitMs = waitForProcess(state, stage, limits);
    return [learned, ...endToGoOn(state, stage, 'released', message, now, waitMs)];
  }
  return [learned, { kind: 'stage-opened', stageId, attempt, stepsPerEpoch, backend, numerics }];
}

function decideEpoch(
  state: State,
  stage: Leased,
  item: Item<'epoch'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const { id: stageId, attempt } = stage;
  if (isRecorded(stage, item.epoch)) {
    const isSame = item.recorded !== undefined && areSame(item.recorded, item.metrics);
    return [{ kind: 'epoch-repeated', stageId, attempt, epoch: item.epoch, isSame }];
  }
  // Somebody was cancelled, which the agent has not heard: it trains for nobody, and will say so itself.
  if (openTrials(state, stage).length === 0) return [];
  const problem = findEpochProblem(state, stage, item.epoch);
  if (problem !== undefined) return failStage(state, stage, problem, now, limits);
  const { epoch, metrics, rates, seconds } = item;
  const { value, isBest } = judge(state, stage, metrics);
  const { wallMs } = now;
  return [
    {
      kind: 'epoch-recorded',
      stageId,
      attempt,
      epoch,
      metrics,
      rates,
      seconds,
      value,
      isBest,
      wallMs,
    },
    ...endTrials(state, stage, epoch, metrics, now),
  ];
}

function findEpochProblem(state: State, stage: Stage, epoch: number): string | undefined {
  if (testOf(state, stage) !== undefined)
    return `epoch ${epoch} was reported where range tests were due`;
  const [next, due] = [nextEpoch(stage), stage.untilEpoch];
  if (epoch >= due) return `epoch ${epoch} was reported of a trial of ${due} epochs`;
  if (epoch !== next) return `epoch ${epoch} was reported where epoch ${next} was due`;
  return undefined;
}

/** Trials that this epoch was the last one of. The stage stays with its agent until that says that it has finished. */
function endTrials(
  state: State,
  stage: Stage,
  epoch: number,
  metrics: Metrics,
  now: Now,
): readonly Fact[] {
  const open = openTrials(state, stage);
  const divergence = findDivergence(epoch, metrics);
  if (divergence !== undefined)
    return open.map(({ id }) => trialEnded(id, 'diverged', divergence, now));
  return open
    .filter(({ epochs }) => epochs === epoch + 1)
    .map(({ id }) => trialEnded(id, 'completed', '', now));
}

/** Only of the epoch that is due, and no more than it has steps. */
function decideSeries(
  stage: Leased,
  { epoch, fromStep, values, keptSteps = 0 }: Item<'series'>,
): readonly Fact[] {
  const steps = stage.stepsPerEpoch ?? 0;
  if (epoch !== nextEpoch(stage) || values.length === 0) return [];
  if (fromStep + values.length > steps || keptSteps + values.length > steps) return [];
  const { id: stageId, attempt } = stage;
  return [{ kind: 'series-recorded', stageId, attempt, epoch, fromStep, values }];
}

/** The same checkpoint once more lies in more places than before. */
function decideCheckpoint(
  state: State,
  stage: Leased,
  { epoch, id, files }: Item<'checkpoint'>,
): readonly Fact[] {
  if (epoch < stage.fromEpoch || epoch > nextEpoch(stage)) return [];
  const before = findCheckpoint(state, { stageId: stage.id, epoch });
  const same = before?.id === id ? before : undefined;
  const checkpoint = {
    stageId: stage.id,
    epoch,
    id,
    files,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    isStored: same?.isStored ?? false,
    agentIds: [...new Set([...(same?.agentIds ?? []), stage.lease.agentId])],
  };
  return [{ kind: 'checkpoint-saved', checkpoint }];
}

function decideEnded(
  state: State,
  stage: Leased,
  item: Item<'ended'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  switch (item.outcome) {
    case 'completed': {
      const [open] = openTrials(state, stage);
      if (open !== undefined) {
        const message = `it ended after ${open.epochsDone} of ${open.epochs} epochs`;
        return failStage(state, stage, message, now, limits, 0);
      }
      return endToGoOn(state, stage, 'completed', item.message, now);
    }
    case 'diverged':
      return [
        leaseEnded(stage, 'diverged', item.message, now),
        ...endStage(state, stage, 'diverged', item.message, now),
      ];
    case 'failed':
      return [
        ...strikeUnlessOpen(state, stage, item, now, limits),
        ...failStage(state, stage, item.message, now, limits, 0),
      ];
    case 'lost':
      return [
        ...strikeUnlessOpen(state, stage, item, now, limits),
        ...loseStage(state, stage, item.message, now, limits),
      ];
    case 'released':
      return endToGoOn(state, stage, 'released', item.message, now);
  }
}

/** What has never been open says something of its slot, too. */
function strikeUnlessOpen(
  state: State,
  stage: Leased,
  item: Item<'ended'>,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  return stage.lease.isOpen ? [] : decideStrike(state, stage, stage.lease, item, now, limits);
}

/** `leastWaitMs` is how long the stage waits at least: its process still runs, unless it is the agent that says that it has ended. */
function failStage(
  state: State,
  stage: Stage,
  message: string,
  now: Now,
  limits: Limits,
  leastWaitMs = waitForProcess(state, stage, limits),
): readonly Fact[] {
  const retries = state.sweeps.get(stage.sweepId)?.spec.retries ?? 0;
  const decision = decideOnFailure(stage, message, retries, limits);
  const waiting =
    decision.kind === 'retry'
      ? { ...decision, waitMs: Math.max(decision.waitMs, leastWaitMs) }
      : decision;
  return endOrRetry(state, stage, 'failed', message, waiting, now);
}

/** In this stage, or in one that led to it. */
function isRecorded(stage: Stage, epoch: number): boolean {
  return epoch < nextEpoch(stage);
}

/** The value of the objective, and whether it is the best so far of those that still train here. */
function judge(state: State, stage: Stage, metrics: Metrics): { value: number; isBest: boolean } {
  const objective: Objective | undefined = state.sweeps.get(stage.sweepId)?.spec.objective;
  const value = objective === undefined ? Number.NaN : toValue(metrics, objective.metric);
  const mode = objective?.mode ?? 'min';
  const best = openTrials(state, stage)[0]?.best;
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
