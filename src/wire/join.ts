// The joining side: makes a key, has it certified for a token, and renews it later.
// Promise: the secret is sent to no one who does not have the authority that the token names; the key leaves this process only
// into the file that its owner reads.

import type { ServiceError } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { DetailedPeerCertificate } from 'node:tls';
import { EspalierError } from '../domain/errors.ts';
import { toKeyPem } from '../pki/authority.ts';
import type { Credential } from '../pki/credential.ts';
import { toCredential } from '../pki/credential.ts';
import { toFingerprint } from '../pki/fingerprint.ts';
import { parseJoinToken } from '../pki/join-token.ts';
import { createKeyPair, requestFor } from '../pki/key-request.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from './channel.ts';
import type { Trust } from './credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from './credentials.ts';
import { JoinServiceClient } from './generated/espalier/v1/join.ts';
import { openTls } from './probe.ts';

/** Who wants to be let in, and where. */
export type Joining = {
  /** `host:port`. */
  readonly address: string;
  /** As it was printed. */
  readonly token: string;
  readonly role: 'agent' | 'person';
  /** An agent's own id; empty for a person. */
  readonly agentId: string;
  readonly name: string;
};

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
  const { secret } = token;
  const certificate = await withJoinClient(address, { authority }, (client) =>
    unary<{ certificate: string }>(address, (reply) =>
      client.join(
        { secret, role, agentId, name, key: requestFor(keys) },
        protocolMetadata(),
        withDeadline(),
        reply,
      ),
    ),
  );
  return toCredential(toKeyPem(keys), certificate.certificate, authority);
}

/** A later credential of the same identity, with a new key. @throws EspalierError if the coordinator does not give one */
export async function renewCredential(
  address: string,
  credential: Credential,
): Promise<Credential> {
  const keys = createKeyPair();
  const { certificate } = await withJoinClient(address, credential, (client) =>
    unary<{ certificate: string }>(address, (reply) =>
      client.renew({ key: requestFor(keys) }, protocolMetadata(), withDeadline(), reply),
    ),
  );
  return toCredential(toKeyPem(keys), certificate, credential.authority);
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

async function withJoinClient<T>(
  address: string,
  trust: Trust,
  body: (client: JoinServiceClient) => Promise<T>,
): Promise<T> {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new JoinServiceClient(address, toChannelCredentials(trust), options);
  try {
    return await body(client);
  } finally {
    client.close();
  }
}

function unary<R>(
  address: string,
  call: (reply: (error: ServiceError | null, response: R) => void) => void,
): Promise<R> {
  return new Promise((resolve, reject) => {
    call((error, response) =>
      error === null ? resolve(response) : reject(toError(address, error)),
    );
  });
}

function toError(address: string, error: ServiceError): EspalierError {
  const refused: readonly number[] = [
    status.UNAUTHENTICATED,
    status.PERMISSION_DENIED,
    status.INVALID_ARGUMENT,
    status.FAILED_PRECONDITION,
    status.RESOURCE_EXHAUSTED,
  ];
  if (refused.includes(error.code))
    return new EspalierError('unauthenticated', error.details, { cause: error });
  return new EspalierError('unavailable', `the coordinator at ${address}: ${error.details}`, {
    cause: error,
  });
}
