// Attempts that end because their agent does: lost without a word, or released in good order.

import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import type { Now, Stage, State } from '../model.ts';
import { decideOnLoss } from '../retry.ts';
import { endStage } from './ending.ts';

/** Ends all leases of an agent, so that the stages run elsewhere; a stage that has lost too many hosts is given up. */
export function endLeases(
  state: State,
  agentId: string,
  end: 'lost' | 'released',
  message: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const stages = [...(state.leasesOf.get(agentId)?.values() ?? [])].map((id) =>
    state.stages.get(id),
  );
  return stages
    .filter((stage) => stage !== undefined)
    .flatMap((stage) =>
      end === 'lost'
        ? loseStage(state, stage, message, now, limits)
        : [released(stage, message, now)],
    );
}

/** An attempt that was lost with its host. */
export function loseStage(
  state: State,
  stage: Stage,
  message: string,
  now: Now,
  limits: Limits,
): readonly Fact[] {
  const decision = decideOnLoss(stage, message, limits);
  const waitUntilMonoMs =
    decision.kind === 'retry' && decision.waitMs > 0 ? now.monoMs + decision.waitMs : null;
  const ended: Fact = {
    kind: 'lease-ended',
    stageId: stage.id,
    attempt: stage.attempt,
    end: 'lost',
    message,
    wallMs: now.wallMs,
    waitUntilMonoMs,
  };
  return decision.kind === 'retry'
    ? [ended]
    : [ended, ...endStage(state, stage, 'failed', decision.reason, now)];
}

function released(stage: Stage, message: string, now: Now): Fact {
  const { id: stageId, attempt } = stage;
  return {
    kind: 'lease-ended',
    stageId,
    attempt,
    end: 'released',
    message,
    wallMs: now.wallMs,
    waitUntilMonoMs: null,
  };
}
