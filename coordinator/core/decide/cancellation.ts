// A person ends a sweep or one of its trials for good. What was recorded stays.

import type { Cancellation, Stamped } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Now, Stage, State } from '../model.ts';
import { isOpen, leaseEnded, openMembers, trialEnded } from './ending.ts';

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
    ...[...open].map((id) => trialEnded(id, 'cancelled', 'cancelled', now)),
    ...stages
      .filter((stage) => openMembers(state, stage).every((id) => open.has(id)))
      // From the end of the queue, so that none that stays has to move up.
      .toReversed()
      .flatMap((stage) => withdraw(stage, now)),
    ...(trialId === null
      ? [{ kind: 'sweep-ended', sweepId, state: 'cancelled', wallMs: now.wallMs } as const]
      : []),
  ];
}

function withdraw(stage: Stage, now: Now): readonly Fact[] {
  const ended: Fact = { kind: 'stage-ended', stageId: stage.id };
  return stage.lease === null ? [ended] : [leaseEnded(stage, 'withdrawn', 'cancelled', now), ended];
}
