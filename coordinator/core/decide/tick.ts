// Time has passed: agents that were silent too long lose their leases, unless too many are silent at once.

import { findDue } from '../brake.ts';
import type { Standstill } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Limits } from '../limits.ts';
import { isConnected, type Now, type State } from '../model.ts';
import { loseAgent } from './loss.ts';

/** Whoever stood still has heard nobody: what agents have said meanwhile waits to be read, so that none of them counts as silent. */
export function decideStandstill(state: State, { ms }: Standstill): readonly Fact[] {
  return [...state.contacts.keys()]
    .filter((agentId) => isConnected(state, agentId))
    .map((agentId): Fact => ({ kind: 'agent-excused', agentId, ms }));
}

/** What the mere passing of time has made true. */
export function decideTick(state: State, now: Now, limits: Limits): readonly Fact[] {
  const { lost, held, brake } = findDue(state, now, limits);
  const untilMonoMs = now.monoMs + limits.brakeMs;
  const given = lost.flatMap((agentId) => loseAgent(state, agentId, now, limits));
  if (brake === null) return given;
  const newlyHeld = held
    .filter((agentId) => !state.held.has(agentId))
    .map((agentId): Fact => ({ kind: 'agent-held', agentId, ...brake, untilMonoMs }));
  return [...given, ...newlyHeld];
}
