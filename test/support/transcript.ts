// Facts as lines that read as what happened. What says little is left out: heartbeats, acknowledgements, output of trials.

import type { Fact } from '../../coordinator/core/fact.ts';
import type { CheckpointRef, Stage } from '../../coordinator/core/model.ts';

/** The lines of some facts. */
export function transcript(facts: readonly Fact[]): readonly string[] {
  return facts.map(toLine).filter((line) => line !== undefined);
}

function toLine(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'sweep-submitted':
      return `sweep ${fact.sweep.id} is submitted`;
    case 'sweep-ended':
      return `sweep ${fact.sweepId} is ${fact.state}`;
    case 'sweep-reopened':
      return `sweep ${fact.sweepId} is reopened`;
    case 'trial-created':
      return `trial ${fact.trial.id}`;
    case 'trial-ended':
      return `trial ${fact.trialId} is ${fact.state}`;
    case 'rates-found':
      return `rates of ${fact.sweepId}: ${fact.rates.map((rate) => rate.max_lr).join(', ')}`;
    case 'strategy-settled':
      return `trial ${fact.trialId} has its rates`;
    case 'trial-cloned':
      return `trial ${fact.trialId} is a clone of ${fact.fromTrialId}: ${fact.changes.join(', ')}`;
    case 'trial-prioritised':
      return `trial ${fact.trialId} has priority ${fact.priority}`;
    case 'sweep-prioritised':
      return `sweep ${fact.sweepId} has priority ${fact.priority}`;
    case 'trial-reopened':
      return `trial ${fact.trialId} is reopened`;
    case 'pause-requested':
      return `trial ${fact.trialId} is ${fact.isPausing ? '' : 'not '}to pause`;
    case 'stage-created':
    case 'stage-forked':
    case 'stage-opened':
    case 'stage-paused':
    case 'stage-resumed':
    case 'stage-ended':
      return toStageLine(fact);
    case 'epoch-recorded':
      return `${fact.stageId} epoch ${fact.epoch}${fact.isBest ? ', the best' : ''}`;
    case 'epoch-repeated':
      return `${fact.stageId} epoch ${fact.epoch} again, ${fact.isSame ? 'the same' : 'different'}`;
    case 'checkpoint-saved':
      return `checkpoint ${toRef(fact.checkpoint)}`;
    case 'checkpoint-stored':
      return `stored ${toRef(fact)}`;
    case 'checkpoint-released':
      return `released ${toRef(fact)}`;
    case 'lease-granted':
      return `${fact.agentId}:${fact.slot} gets ${fact.stageId} #${fact.attempt} from ${toRef(fact.start)}`;
    case 'lease-ended':
      return `${fact.stageId} #${fact.attempt} is over: ${fact.end}`;
    case 'agent-held':
      return `agent ${fact.agentId} held, ${fact.silent} of ${fact.of} are silent`;
    case 'slot-set-aside':
      return `${fact.agentId}:${fact.slot} set aside`;
    case 'agent-joined':
    case 'agent-lost':
    case 'agent-left':
    case 'agent-drained':
    case 'agent-excused':
    case 'agent-trusted':
      return `agent ${fact.agentId} ${fact.kind.slice('agent-'.length)}`;
    case 'reports-forgotten':
      return `forgotten reports ${fact.fromSequence} to ${fact.toSequence} of ${fact.agentId}`;
    case 'attempt-passed':
      return `${fact.stageId} is past #${fact.attempt}`;
    case 'report-taken':
      return fact.isStale ? 'a stale report' : undefined;
    case 'person-asked':
    case 'agent-seen':
    case 'slot-struck':
    case 'numerics-learned':
    case 'series-recorded':
    case 'log-recorded':
      return undefined;
  }
}

type StageFact = Extract<Fact, { kind: `stage-${string}` }>;

function toStageLine(fact: StageFact): string {
  switch (fact.kind) {
    case 'stage-created':
      return toNewStage(fact.stage);
    case 'stage-forked': {
      const { stageId, epoch, children, inPlace } = fact;
      const onward = inPlace === null ? 'nobody goes on' : `${inPlace} goes on`;
      return `${stageId} forks at ${epoch} into ${children.join(', ')}; ${onward}`;
    }
    case 'stage-opened':
    case 'stage-paused':
    case 'stage-resumed':
    case 'stage-ended':
      return `${fact.stageId} is ${fact.kind.slice('stage-'.length)}`;
  }
}

function toNewStage({ id, members, state, fromEpoch }: Stage): string {
  const paused = state === 'paused' ? ', paused' : '';
  return `new stage ${id}: ${members.join(', ')} from epoch ${fromEpoch}${paused}`;
}

function toRef(ref: CheckpointRef | null): string {
  return ref === null ? 'scratch' : `${ref.stageId} at ${ref.epoch}`;
}
