// Lets somebody in, and renews certificates.

import { BOUNDS } from '../../src/domain/bounds.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import type { JoinServiceServer, KeyRequest } from '../../src/wire/generated/espalier/v1/join.ts';
import { Attempts } from '../access/attempts.ts';
import type { JoinPorts } from '../access/join.ts';
import { join, renew } from '../access/join.ts';
import type { Now } from '../core/model.ts';
import type { Rim } from './handler.ts';
import { unary } from './handler.ts';

/** How long until there is one attempt more. */
const JOIN_REFILL_MS = 1_000;
const RENEW_REFILL_MS = 60_000;

/** What the service works with. */
export type JoinServicePorts = JoinPorts & {
  readonly now: () => Now;
  readonly log: (line: string) => void;
};

/** Handlers of JoinService. */
export function createJoinService(ports: JoinServicePorts, rim: Rim): JoinServiceServer {
  const { now, log } = ports;
  const attempts = new Attempts(BOUNDS.joinAttempts, JOIN_REFILL_MS);
  const renewals = new Attempts(BOUNDS.renewals, RENEW_REFILL_MS);
  return {
    join: (call, reply) => {
      const address = toHost(call.getPeer());
      unary(rim, async (request: typeof call.request) => {
        assertSeldom(attempts.take(address, now().monoMs), 'attempts to join from this address');
        const applicant = { ...request, request: toRequest(request.key) };
        const { kind, name, certificate } = await join(applicant, ports, now().wallMs);
        log(`${kind} ${name} was let in from ${address}`);
        return { certificate };
      })(call, reply);
    },
    renew: unary(rim, async ({ key }, { identity }) => {
      if (identity === null) throw new EspalierError('invalid', 'there is nothing to renew');
      assertSeldom(renewals.take(identity.id, now().monoMs), 'renewals of one certificate');
      return { certificate: await renew(identity, toRequest(key), ports, now().wallMs) };
    }),
  };
}

function assertSeldom(isSeldom: boolean, what: string): void {
  if (isSeldom) return;
  throw new EspalierError('busy', `too many ${what}: try again in a minute`);
}

function toRequest(key: KeyRequest | undefined): Uint8Array {
  if (key === undefined) throw new EspalierError('invalid', 'there is no key to certify');
  return key.csr;
}

/** The address without its port. */
function toHost(peer: string): string {
  return peer.replace(/:\d+$/, '');
}
