// Who calls, as handlers see it. Without protection it is anyone, who may do everything.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Identity } from '../../src/pki/identity.ts';

/** One call's caller. */
export type Caller = {
  /** Null where nobody is asked who they are. */
  readonly identity: (Identity & { readonly name: string }) | null;
  /** For every message of a stream. @throws EspalierError `unauthenticated` once the caller has been revoked or its certificate has ended */
  readonly assertLetIn: () => void;
};

/** Whoever can reach a coordinator without protection. */
export const ANYONE: Caller = { identity: null, assertLetIn: () => undefined };

/** What an agent is called: by whoever let it in, where somebody did, and else as it says. */
export function nameOf({ identity }: Caller, said: string): string {
  return identity?.name ?? said;
}

/** @throws EspalierError `forbidden` for the words of another agent */
export function assertSpeaksFor({ identity }: Caller, agentId: string): void {
  if (identity === null || identity.id === agentId) return;
  throw new EspalierError(
    'forbidden',
    `agent ${identity.id} cannot speak for agent ${agentId.slice(0, 200)}: its certificate belongs to its own folder, which cannot be copied`,
  );
}
