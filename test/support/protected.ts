// A coordinator that asks for certificates, those whom it lets in, and those whom it should not.

import { X509Certificate } from 'node:crypto';
import type { ServiceError } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { createToken } from '../../coordinator/access/desk.ts';
import { Ledger } from '../../coordinator/access/ledger.ts';
import { startCoordinator } from '../../coordinator/main.ts';
import type { Authority } from '../../src/pki/authority.ts';
import { readAuthority } from '../../src/pki/authority.ts';
import type { Claim } from '../../src/pki/certificate.ts';
import { createCertificate } from '../../src/pki/certificate.ts';
import type { Credential } from '../../src/pki/credential.ts';
import { toFingerprint } from '../../src/pki/fingerprint.ts';
import type { Identity, IdentityKind } from '../../src/pki/identity.ts';
import { toUri } from '../../src/pki/identity.ts';
import { createKeyPair, toKeyPem } from '../../src/pki/key-pair.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from '../../src/wire/channel.ts';
import type { Trust } from '../../src/wire/credentials.ts';
import { TLS_OPTIONS, toChannelCredentials } from '../../src/wire/credentials.ts';
import { AgentServiceClient } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { JoinRequest } from '../../src/wire/generated/espalier/v1/join.ts';
import { JoinServiceClient } from '../../src/wire/generated/espalier/v1/join.ts';
import { joinCoordinator } from '../../src/wire/join.ts';
import { SweepClient } from '../../src/wire/sweep-client.ts';
import { temporaryFolder } from './folder.ts';

const DAY_MS = 24 * 3600 * 1000;

/** A protected coordinator, reached by loopback. */
export type Protected = {
  readonly state: string;
  readonly address: string;
  readonly authority: Authority;
};

/** Starts one in `state`; it is closed when the test ends. */
export async function protectedCoordinator(state = temporaryFolder()): Promise<Protected> {
  const listen = { host: '0.0.0.0', port: 0 };
  const coordinator = await startCoordinator({
    listen,
    state,
    insecure: false,
    log: () => undefined,
  });
  onTestFinished(() => coordinator.close());
  const authority = readAuthority(statePaths(state).authority);
  if (authority === undefined) throw new Error('a protected coordinator has made no authority');
  return { state, address: coordinator.address.replace('0.0.0.0', '127.0.0.1'), authority };
}

/** A token that is good for a minute. */
export function tokenFor({ state }: Protected, kind: IdentityKind, name = ''): string {
  return createToken(state, { kind, name, lifeMs: 60_000 }, Date.now());
}

/** Lets somebody in, in good order. */
export function letIn(
  coordinator: Protected,
  kind: IdentityKind,
  id: string,
  token = tokenFor(coordinator, kind),
): Promise<Credential> {
  const role = kind === 'agent' ? 'agent' : 'person';
  const { address } = coordinator;
  return joinCoordinator({ address, token, role, agentId: id, name: id });
}

/** A client as somebody. */
export function clientAs({ address }: Protected, trust: Trust | undefined): SweepClient {
  const client = new SweepClient(address, trust);
  onTestFinished(() => client.close());
  return client;
}

/** The agents' services as somebody. */
export function agentAs({ address }: Protected, trust: Trust): AgentServiceClient {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new AgentServiceClient(address, toChannelCredentials(trust), options);
  onTestFinished(() => client.close());
  return client;
}

/** What is sent to be let in, without a check on this side of it; what was answered: `in`, or why not. */
export function askToJoin(
  coordinator: Protected,
  { csr, ...request }: Omit<JoinRequest, 'key'> & { readonly csr: Buffer },
): Promise<string> {
  const { authority } = coordinator;
  return ask(coordinator, { authority: authority.certificate }, (client, reply) =>
    client.join({ ...request, key: { csr } }, protocolMetadata(), withDeadline(), reply),
  );
}

/** As {@link askToJoin}, for a later certificate. */
export function askToRenew(coordinator: Protected, trust: Trust, csr: Buffer): Promise<string> {
  return ask(coordinator, trust, (client, reply) =>
    client.renew({ key: { csr } }, protocolMetadata(), withDeadline(), reply),
  );
}

async function ask(
  { address }: Protected,
  trust: Trust,
  call: (client: JoinServiceClient, reply: (error: ServiceError | null) => void) => void,
): Promise<string> {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new JoinServiceClient(address, toChannelCredentials(trust), options);
  try {
    return await new Promise<string>((resolve) => {
      call(client, (error) => resolve(error === null ? 'in' : error.details));
    });
  } finally {
    client.close();
  }
}

/** A certificate that the authority never gave out so, known to the ledger if `isKnown`. */
export async function forge(
  { state, authority }: Protected,
  identity: Identity,
  change: Partial<Claim> = {},
  isKnown = true,
): Promise<Required<Trust>> {
  const keys = createKeyPair();
  const nowMs = Date.now();
  const claim: Claim = {
    purpose: 'call',
    commonName: identity.id,
    uri: toUri(identity),
    publicKey: keys.publicKey,
    fromMs: nowMs - DAY_MS,
    untilMs: nowMs + DAY_MS,
    ...change,
  };
  const certificate = await createCertificate(claim, authority.issuer);
  if (isKnown) enroll(state, identity, certificate);
  return { authority: authority.certificate, key: toKeyPem(keys), certificate };
}

/** Puts somebody with this certificate into the ledger of a coordinator. */
export function enroll(state: string, identity: Identity, certificate: string): void {
  const parsed = new X509Certificate(certificate);
  const ledger = Ledger.open(statePaths(state).ledger);
  const known = { fingerprint: toFingerprint(parsed), untilMs: Date.parse(parsed.validTo) };
  ledger.enroll({ ...identity, name: identity.id }, known, Date.now());
  ledger.close();
}
