// The lines by which an operator can follow what a coordinator decides: a line for each thing that is not told by another one.

import { describeHeld } from './core/brake.ts';
import type { Fact, FactOf, LeaseEnd } from './core/fact.ts';
import type { Loop } from './loop.ts';

/** Ends of attempts that are told by other facts. */
const IN_ORDER: ReadonlySet<LeaseEnd> = new Set(['completed', 'forked']);

/** Writes them from now on. */
export function logFacts(loop: Loop, log: (line: string) => void): void {
  const nameOf = (agentId: string): string => loop.state.agents.get(agentId)?.name ?? agentId;
  loop.onCommit((facts) => {
    for (const fact of facts) {
      const line = describeFact(fact, nameOf);
      if (line !== undefined) log(line);
    }
  });
}

function describeFact(fact: Fact, nameOf: (agentId: string) => string): string | undefined {
  if (fact.kind === 'sweep-submitted') return `sweep ${fact.sweep.id} submitted`;
  if (fact.kind === 'sweep-ended') return `sweep ${fact.sweepId} ${fact.state}`;
  if (fact.kind === 'agent-joined')
    return `agent ${fact.name} joined with ${fact.slots.length} slots`;
  if (fact.kind === 'reports-forgotten') return describeForgotten(fact, nameOf(fact.agentId));
  if (fact.kind === 'agent-lost') return `agent ${nameOf(fact.agentId)} lost`;
  if (fact.kind === 'agent-excused')
    return `the coordinator stood still for ${Math.round(fact.ms / 1000)} s: that is not counted as silence of agent ${nameOf(fact.agentId)}`;
  if (fact.kind === 'agent-held')
    return `agent ${nameOf(fact.agentId)} is silent and not given up: ${describeHeld(fact)}`;
  if (fact.kind === 'slot-set-aside')
    return `slot ${nameOf(fact.agentId)}:${fact.slot} set aside, since attempts keep failing there: ${fact.message}`;
  if (fact.kind === 'agent-trusted') return `agent ${nameOf(fact.agentId)} trusted again`;
  if (fact.kind === 'stage-forked')
    return `stage ${fact.stageId} forked at epoch ${fact.epoch} into ${fact.children.join(', ')}`;
  if (fact.kind === 'lease-ended' && !IN_ORDER.has(fact.end))
    return `stage ${fact.stageId} attempt ${fact.attempt} ${fact.end}: ${fact.message}`;
  return undefined;
}

/** An agent that comes from another coordinator has had reports acknowledged too; nothing of them is missing here. */
function describeForgotten(
  { fromSequence, toSequence }: FactOf['reports-forgotten'],
  name: string,
): string {
  const count = toSequence - fromSequence + 1;
  return fromSequence === 1
    ? `agent ${name} was with another coordinator before, or this database is an older copy: ${count} of its reports are not on record here`
    : `agent ${name} has had ${count} reports acknowledged that are not on record here: the database is an older copy. What they told is trained again from what is on record; sweeps that were submitted since are to be submitted again`;
}
