// A person ends a sweep or one of its trials for good. What was recorded stays.

import type { Cancellation, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Stage, State } from '../model.ts';
import { isFinal } from '../model.ts';

/** Nothing for trials that have ended. */
export function decideCancellation(state: State, event: Stamped<Cancellation>): readonly Fact[] {
  const { sweepId, trialId, now } = event;
  const wanted = trialId === null ? (state.trialsOf.get(sweepId) ?? []) : [trialId];
  const open = new Set(wanted.filter((id) => isOpen(state, id)));
  if (open.size === 0) return [];
  const stages = [...new Set([...open].map((id) => state.trials.get(id)?.stageId ?? ''))]
    .map((id) => state.stages.get(id))
    .filter((stage) => stage !== undefined)
    .filter((stage) => stage.state !== 'ended');
  return [
    ...[...open].map((id): Fact => ({
      kind: 'trial-ended',
      trialId: id,
      state: 'cancelled',
      message: 'cancelled',
      wallMs: now.wallMs,
    })),
    ...stages
      .filter((stage) => stage.members.every((id) => open.has(id) || !isOpen(state, id)))
      .flatMap((stage) => withdraw(stage, now.wallMs)),
    ...(trialId === null
      ? [{ kind: 'sweep-ended', sweepId, state: 'cancelled', wallMs: now.wallMs } as const]
      : []),
  ];
}

function withdraw(stage: Stage, wallMs: number): readonly Fact[] {
  const { id: stageId, attempt } = stage;
  const ended: Fact = {
    kind: 'lease-ended',
    stageId,
    attempt,
    end: 'withdrawn',
    message: 'cancelled',
    wallMs,
    waitUntilMonoMs: null,
  };
  return stage.lease === null
    ? [{ kind: 'stage-ended', stageId }]
    : [ended, { kind: 'stage-ended', stageId }];
}

function isOpen(state: State, trialId: string): boolean {
  const trial = state.trials.get(trialId);
  return trial !== undefined && !isFinal(trial.state);
}
