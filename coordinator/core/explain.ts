// Why a trial, or a sweep as a whole, is as it is now. Pure. Promise: whatever state a trial is in, there is a reason for it.

import { findingsOf } from '../../src/lr/find.ts';
import type { NowReason } from '../../src/why/reason.ts';
import { toSilence } from './explain/silence.ts';
import { startOf } from './explain/slots.ts';
import { explainWait } from './explain/waiting.ts';
import type { Limits } from './limits.ts';
import { nextEpoch, openTrials } from './members.ts';
import type { Lease, Now, Stage, State, Trial } from './model.ts';
import { isFinal } from './model.ts';
import { pathOf } from './path.ts';
import { isFresh } from './placement.ts';

/** Other trials that are named of those that train in the same stage; the others are counted. */
const NAMED_MOST = 16;

/** What holds of a trial now, the main thing first; nothing of one that is not there. */
export function explain(
  state: State,
  trialId: string,
  now: Now,
  limits: Limits,
): readonly NowReason[] {
  const trial = state.trials.get(trialId);
  const stage = state.stages.get(trial?.stageId ?? '');
  if (trial === undefined || stage === undefined) return [];
  const { priority } = trial;
  const isRanked = priority !== 0 && !isFinal(trial.state);
  return [
    ...explainState(state, trial, stage, now, limits),
    ...(isRanked ? [{ kind: 'priority', priority, atMs: null } as const] : []),
    ...[...pathOf(state, stage)]
      .filter((at) => !at.stage.reproducible)
      .map((at) => ({ kind: 'not-reproducible', stageId: at.stage.id, atMs: null }) as const),
  ];
}

function explainState(
  state: State,
  trial: Trial,
  stage: Stage,
  now: Now,
  limits: Limits,
): readonly NowReason[] {
  if (isFinal(trial.state)) return [toEnding(trial)];
  if (trial.state === 'paused')
    return [{ kind: 'paused', epoch: trial.epochsDone, epochs: trial.epochs, atMs: null }];
  if (stage.lease !== null) return explainRun(state, trial, stage, stage.lease, now, limits);
  return [...explainWait(state, stage, now, limits), ...explainStart(state, stage)];
}

function toEnding({ state, epochsDone, epochs, message }: Trial): NowReason {
  return { kind: 'ended', state, epochs: epochsDone, of: epochs, message, atMs: null };
}

function explainRun(
  state: State,
  trial: Trial,
  stage: Stage,
  lease: Lease,
  now: Now,
  limits: Limits,
): readonly NowReason[] {
  const agent = state.agents.get(lease.agentId);
  const others = openTrials(state, stage)
    .filter(({ id }) => id !== trial.id)
    .map(({ number }) => number);
  const isSilent = agent !== undefined && !isFresh(state, agent.id, now, limits);
  const fields = findingsOf(trial.strategy).map(([field]) => field);
  return [
    {
      kind: 'runs',
      place: `${agent?.name ?? lease.agentId}:${lease.slot}`,
      stageId: stage.id,
      attempt: stage.attempt,
      epoch: nextEpoch(stage),
      epochs: trial.epochs,
      with: others.slice(0, NAMED_MOST),
      withCount: others.length,
      sinceAtMs: lease.grantedWallMs,
      isOpen: lease.isOpen,
    },
    ...(fields.length === 0 ? [] : [{ kind: 'tests-first', fields } as const]),
    ...(trial.isPausing ? [{ kind: 'pausing', epoch: nextEpoch(stage), atMs: null } as const] : []),
    ...(isSilent ? [{ kind: 'agent-silent', ...toSilence(state, agent, now) } as const] : []),
    toStart(stage, lease.start, null),
  ];
}

/** Only where there is something to go on from. */
function explainStart(state: State, stage: Stage): readonly NowReason[] {
  if (nextEpoch(stage) === 0) return [];
  const start = startOf(state, stage);
  return [toStart(stage, start, nextEpoch(stage) - (start?.epoch ?? 0))];
}

function toStart(stage: Stage, start: Lease['start'], again: number | null): NowReason {
  return {
    kind: 'start',
    stageId: stage.id,
    fromStageId: start?.stageId ?? null,
    fromEpoch: start?.epoch ?? 0,
    again,
  };
}
