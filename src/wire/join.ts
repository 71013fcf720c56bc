// The joining side: makes a key, has it certified for a token, and renews it later.
// Promise: the secret is sent to no one who does not have the authority that the token names; the key leaves this process only
// into the file that its owner reads.

import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { DetailedPeerCertificate } from 'node:tls';
import { EspalierError } from '../domain/errors.ts';
import type { Credential } from '../pki/credential.ts';
import { toCredential } from '../pki/credential.ts';
import { toFingerprint } from '../pki/fingerprint.ts';
import { parseJoinToken } from '../pki/join-token.ts';
import type { Identity } from '../pki/identity.ts';
import type { KeyPair } from '../pki/key-pair.ts';
import { createKeyPair, toKeyPem } from '../pki/key-pair.ts';
import { requestFor } from '../pki/key-request.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import type { Trust } from './credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from './credentials.ts';
import type { JoinResponse, KeyRequest, RenewResponse } from './generated/espalier/v1/join.ts';
import { JoinServiceClient } from './generated/espalier/v1/join.ts';
import type { Role } from './probe.ts';
import { findHindrance, openTls } from './probe.ts';

/** Who wants to be let in, and where. */
export type Joining = {
  /** `host:port`. */
  readonly address: string;
  /** As it was printed. */
  readonly token: string;
  readonly role: Role;
  /** An agent's own id; empty for a person. */
  readonly agentId: string;
  readonly name: string;
};

type Peer = { readonly address: string; readonly trust: Trust; readonly role: Role };

/**
 * Has a new key certified.
 * @throws EspalierError `usage` for a token that is not whole, `unauthenticated` for one that is not good or for an authority
 *   that it does not name, `unavailable` where no coordinator answers
 */
export async function joinCoordinator(joining: Joining): Promise<Credential> {
  const { address, role, agentId, name } = joining;
  const token = parseJoinToken(joining.token);
  const authority = await pinAuthority(address, token.authority);
  const keys = createKeyPair();
  // What a person is let in as, only the token says.
  const identity = role === 'agent' ? ({ kind: 'agent', id: agentId } as const) : undefined;
  const key = await toWire(keys, identity);
  const request = { secret: token.secret, role, agentId, name, key };
  const trust = { authority };
  const { certificate } = await ask<JoinResponse>({ address, trust, role }, (client, reply) =>
    client.join(request, protocolMetadata(), withDeadline(), reply),
  );
  return toCredential(toKeyPem(keys), certificate, authority);
}

/** A later credential of the same identity, with a new key. @throws EspalierError if the coordinator does not give one */
export async function renewCredential(
  address: string,
  credential: Credential,
): Promise<Credential> {
  const keys = createKeyPair();
  const role = credential.kind === 'agent' ? 'agent' : 'person';
  const peer = { address, trust: credential, role } as const;
  const key = await toWire(keys, credential);
  const { certificate } = await ask<RenewResponse>(peer, (client, reply) =>
    client.renew({ key }, protocolMetadata(), withDeadline(), reply),
  );
  return toCredential(toKeyPem(keys), certificate, credential.authority);
}

async function toWire(keys: KeyPair, identity: Identity | undefined): Promise<KeyRequest> {
  return { csr: await requestFor(keys, identity) };
}

/** The certificate, in PEM, of the authority with this fingerprint, if `address` shows it. What else it says is checked after. */
async function pinAuthority(address: string, fingerprint: string): Promise<string> {
  const socket = await openTls(address, undefined).catch((error: unknown) => {
    throw toUnreachable(address, error);
  });
  const chain = toChain(socket.getPeerCertificate(true));
  socket.destroy();
  const found = chain.find((certificate) => toFingerprint(certificate) === fingerprint);
  if (found !== undefined) return toPem(found.raw);
  throw new EspalierError(
    'unauthenticated',
    `what answers at ${address} is not the coordinator that made this token, and was told nothing: its authority has another fingerprint. If the coordinator was set up anew, make another token there; if not, somebody is in between`,
  );
}

function toUnreachable(address: string, error: unknown): EspalierError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isSilent = code === '' || ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(code);
  const words = isSilent
    ? `no coordinator answers at ${address}: is it running, and is that its address as seen from here?`
    : `what answers at ${address} does not speak TLS (${code}): a coordinator on a loopback address or with --insecure lets in everybody, without a token`;
  return new EspalierError('unavailable', words, { cause: error });
}

/** From a certificate to its authority, which is its own issuer. */
function toChain(certificate: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain = [certificate];
  for (let last = certificate; ;) {
    const issuer: DetailedPeerCertificate | undefined = last.issuerCertificate;
    if (issuer === undefined || chain.includes(issuer)) return chain;
    chain.push(issuer);
    last = issuer;
  }
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

type Reply<R> = (error: ServiceError | null, response: R) => void;

/** One call of the service. */
async function ask<R>(
  { address, trust, role }: Peer,
  call: (client: JoinServiceClient, reply: Reply<R>) => void,
): Promise<R> {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new JoinServiceClient(address, toChannelCredentials(trust), options);
  try {
    return await new Promise((resolve, reject) => {
      call(client, (error, response) => (error === null ? resolve(response) : reject(error)));
    });
  } catch (error) {
    throw await toError({ address, trust, role }, error);
  } finally {
    client.close();
  }
}

/** What the coordinator says in words is a refusal; anything else may pass. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
]);

async function toError({ address, trust, role }: Peer, error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'code' in error && 'details' in error)) return error;
  const details = String(error.details);
  if (REFUSALS.has(error.code))
    return new EspalierError('unauthenticated', details, { cause: error });
  const hindrance = await findHindrance(address, trust, role);
  if (hindrance !== undefined)
    return new EspalierError('unauthenticated', hindrance, { cause: error });
  const words = `the coordinator at ${address} cannot be asked for a certificate: ${details}`;
  return new EspalierError('unavailable', words, { cause: error });
}
