// An agent that says nothing: for how long, and when it counts as lost.

import type { Silence } from '../../../src/why/reason.ts';
import type { Agent, Now, State } from '../model.ts';

/** Of an agent that is connected. */
export function toSilence(state: State, { id, name }: Agent, now: Now): Silence {
  const contact = state.contacts.get(id);
  const seen = contact?.seenMonoMs ?? null;
  const heldUntil = state.held.get(id);
  const until = heldUntil ?? contact?.untilMonoMs ?? now.monoMs;
  return {
    agent: name,
    silentMs: seen === null ? null : now.monoMs - seen,
    lostInMs: Math.max(0, until - now.monoMs),
    isHeld: heldUntil !== undefined,
  };
}
