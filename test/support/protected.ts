// A coordinator that asks for certificates, those whom it lets in, and those whom it should not.

import { X509Certificate } from 'node:crypto';
import type { ServiceError } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { createToken } from '../../coordinator/access/desk.ts';
import { Ledger } from '../../coordinator/access/ledger.ts';
import { startCoordinator } from '../../coordinator/main.ts';
import type { Authority } from '../../src/pki/authority.ts';
import { readAuthority } from '../../src/pki/authority.ts';
import type { Claim, Issuer } from '../../src/pki/certificate.ts';
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

type Wish = Omit<JoinRequest, 'key'> & { readonly csr: Buffer };

/** What is sent to be let in, without a check on this side of it; what was answered: `in`, or why not. */
export async function askToJoin(coordinator: Protected, wish: Wish): Promise<string> {
  return (await askToJoinAtOnce(coordinator, [wish])).join();
}

/** As {@link askToJoin}, with many wishes by one connection. */
export function askToJoinAtOnce(
  coordinator: Protected,
  wishes: readonly Wish[],
): Promise<readonly string[]> {
  const trust = { authority: coordinator.authority.certificate };
  return asking(coordinator, trust, (client) =>
    wishes.map(({ csr, ...request }) =>
      answerTo((reply) =>
        client.join({ ...request, key: { csr } }, protocolMetadata(), withDeadline(), reply),
      ),
    ),
  );
}

/** As {@link askToJoin}, for a later certificate. */
export async function askToRenew(
  coordinator: Protected,
  trust: Trust,
  csr: Buffer,
): Promise<string> {
  const answers = await asking(coordinator, trust, (client) => [
    answerTo((reply) => client.renew({ key: { csr } }, protocolMetadata(), withDeadline(), reply)),
  ]);
  return answers.join();
}

async function asking(
  { address }: Protected,
  trust: Trust,
  ask: (client: JoinServiceClient) => readonly Promise<string>[],
): Promise<readonly string[]> {
  const options = { ...CHANNEL_OPTIONS, ...TLS_OPTIONS };
  const client = new JoinServiceClient(address, toChannelCredentials(trust), options);
  try {
    return await Promise.all(ask(client));
  } finally {
    client.close();
  }
}

function answerTo(call: (reply: (error: ServiceError | null) => void) => void): Promise<string> {
  return new Promise((resolve) => {
    call((error) => resolve(error === null ? 'in' : error.details));
  });
}

/** A certificate that the authority never gave out so, or that another signed; known to the ledger if `isKnown`. */
export async function forge(
  { state, authority }: Protected,
  identity: Identity,
  change: Partial<Claim> = {},
  issuer: Issuer = authority.issuer,
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
  const certificate = await createCertificate(claim, issuer);
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
