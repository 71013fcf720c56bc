// How a channel is protected: by TLS with the authority that was joined, or, to a coordinator without protection, not at all.
// Promise: with a credential nothing is said to anyone but the coordinator that gave it, whatever name or address it is reached by.

import type { PeerCertificate } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials } from '@grpc/grpc-js';
import { COORDINATOR_URI, uriOf } from '../pki/identity.ts';

/** What a caller shows and whom it trusts, in PEM; without key and certificate it is nobody yet. */
export type Trust = {
  readonly authority: string;
  readonly key?: string;
  readonly certificate?: string;
};

/** The name that every coordinator's certificate has: which one it is follows from the authority. */
export const SERVER_NAME = 'espalier';

/** Besides the options of every channel: no address is looked for in the coordinator's certificate. */
export const TLS_OPTIONS = { 'grpc.ssl_target_name_override': SERVER_NAME } as const;

/** Credentials of a channel. */
export function toChannelCredentials(trust: Trust | undefined): ChannelCredentials {
  if (trust === undefined) return credentials.createInsecure();
  const { authority, key, certificate } = trust;
  const context = createSecureContext({ ca: authority, key, cert: certificate });
  return credentials.createFromSecureContext(context, {
    checkServerIdentity: (_, found) => findImpostor(found),
  });
}

/** OpenSSL has checked authority, purpose and time; what is left is that the authority calls it the coordinator. */
export function findImpostor(found: Pick<PeerCertificate, 'subjectaltname'>): Error | undefined {
  return uriOf({ subjectAltName: found.subjectaltname }) === COORDINATOR_URI
    ? undefined
    : new Error("the certificate is not a coordinator's");
}
