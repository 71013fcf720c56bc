// How attempts and stages end. The one maker of `lease-ended`; a stage ends after the trials that train in it.

import type { Fact, FactOf, LeaseEnd } from '../fact.ts';
import { openMembers } from '../members.ts';
import type { FinalTrialState, Now, Stage, State } from '../model.ts';
import type { RetryDecision } from '../retry.ts';
import { toFailure } from '../retry.ts';
import { pauseAsAsked } from './pausing.ts';

/** The end of a stage's current attempt. `waitMs` is how long the stage waits before it is granted again. */
export function leaseEnded(
  stage: Stage,
  end: LeaseEnd,
  message: string,
  now: Now,
  waitMs = 0,
): Fact {
  const { id: stageId, attempt } = stage;
  return {
    kind: 'lease-ended',
    stageId,
    attempt,
    end,
    message,
    failure: end === 'failed' ? toFailure(stage, message) : null,
    wallMs: now.wallMs,
    waitUntilMonoMs: waitMs > 0 ? now.monoMs + waitMs : null,
  };
}

/** The end of an attempt whose stage has still to be trained, if anybody is left in it. */
export function endToGoOn(
  state: State,
  stage: Stage,
  end: LeaseEnd,
  message: string,
  now: Now,
  waitMs = 0,
): readonly Fact[] {
  const ended = leaseEnded(stage, end, message, now, waitMs);
  return openMembers(state, stage).length === 0
    ? [ended, { kind: 'stage-ended', stageId: stage.id }]
    : [ended, ...pauseAsAsked(state, stage)];
}

/** The end of an attempt that did not succeed: the stage is tried again, or given up with its open trials. */
export function endOrRetry(
  state: State,
  stage: Stage,
  end: 'failed' | 'lost',
  message: string,
  decision: RetryDecision,
  now: Now,
): readonly Fact[] {
  if (decision.kind === 'retry') return endToGoOn(state, stage, end, message, now, decision.waitMs);
  const given = endStage(state, stage, 'failed', decision.reason, now);
  return [leaseEnded(stage, end, message, now), ...given];
}

/** The facts that end all trials of a stage that are still open, and the stage. */
export function endStage(
  state: State,
  stage: Stage,
  as: FinalTrialState,
  message: string,
  now: Now,
): readonly Fact[] {
  return [
    ...openMembers(state, stage).map((trialId) => trialEnded(trialId, as, message, now)),
    { kind: 'stage-ended', stageId: stage.id },
  ];
}

/** The end of a stage that nobody needs any more; whoever trains it is to stop. */
export function withdraw(stage: Stage, message: string, now: Now): readonly Fact[] {
  const ended: Fact = { kind: 'stage-ended', stageId: stage.id };
  return stage.lease === null ? [ended] : [leaseEnded(stage, 'withdrawn', message, now), ended];
}

/** The end of one trial. */
export function trialEnded(
  trialId: string,
  as: FinalTrialState,
  message: string,
  now: Now,
): FactOf['trial-ended'] {
  return { kind: 'trial-ended', trialId, state: as, message, wallMs: now.wallMs };
}
