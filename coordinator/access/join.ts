// Lets somebody in: a token for a certificate.
// Promise: nothing is signed for a token that is not good, and a request that cannot be granted uses up no token.

import { X509Certificate } from 'node:crypto';
import { EspalierError } from '../../src/domain/errors.ts';
import type { Authority } from '../../src/pki/authority.ts';
import { certifyCaller } from '../../src/pki/authority.ts';
import { toFingerprint } from '../../src/pki/fingerprint.ts';
import type { Identity } from '../../src/pki/identity.ts';
import { isIdentityName } from '../../src/pki/identity.ts';
import { hashSecret } from '../../src/pki/join-token.ts';
import { checkKeyRequest } from '../../src/pki/key-request.ts';
import type { Certificate, Ledger, TokenRow } from './ledger.ts';

/** Who asks. */
export type Applicant = {
  readonly secret: Uint8Array;
  readonly role: string;
  readonly agentId: string;
  readonly name: string;
  /** PKCS #10 in DER. */
  readonly request: Uint8Array;
};

/** What joining works with. */
export type JoinPorts = { readonly ledger: Ledger; readonly authority: Authority };

type NewMember = Identity & { readonly name: string };

/** Somebody new. */
export type Joined = NewMember & { readonly certificate: string };

/**
 * Lets somebody in.
 * @throws EspalierError `unauthenticated` for a token that is not good, `usage`, `conflict`, `forbidden` or `invalid` for what
 *   cannot be granted
 */
export async function join(applicant: Applicant, ports: JoinPorts, nowMs: number): Promise<Joined> {
  const hash = hashSecret(applicant.secret);
  const token = assertGood(ports.ledger.token(hash), nowMs);
  assertRole(token, applicant.role);
  const member = toMember(token, applicant);
  if (ports.ledger.isIn(member, nowMs)) throw refuseSecond(member);
  const { certificate, pem } = await certify(ports.authority, member, applicant.request, nowMs);
  const admission = ports.ledger.admit(hash, member, certificate, nowMs);
  if (admission === 'taken') throw refuseSecond(member);
  if (admission === 'used') throw refuse('this token was used already');
  return { ...member, certificate: pem };
}

/** A later certificate for somebody who is let in. @throws EspalierError `invalid` for a key that is none, `forbidden` for another's */
export async function renew(
  identity: Identity,
  request: Uint8Array,
  { authority, ledger }: JoinPorts,
  nowMs: number,
): Promise<string> {
  const member = ledger.member(identity);
  const { certificate, pem } = await certify(authority, identity, request, nowMs);
  if (member === undefined || !ledger.renew(member, certificate, nowMs))
    throw refuse(`another ${identity.kind} ${identity.id} was let in in the meantime`);
  return pem;
}

async function certify(
  authority: Authority,
  identity: Identity,
  request: Uint8Array,
  nowMs: number,
): Promise<{ readonly certificate: Certificate; readonly pem: string }> {
  const key = await checkKeyRequest(request, identity);
  const pem = await certifyCaller(authority, identity, key, nowMs);
  const parsed = new X509Certificate(pem);
  const untilMs = Date.parse(parsed.validTo);
  return { pem, certificate: { fingerprint: toFingerprint(parsed), untilMs } };
}

function refuseSecond({ kind, id }: Identity): EspalierError {
  return new EspalierError(
    'conflict',
    `${kind} ${id} is in already: "espalier revoke ${id}" on the coordinator's host shuts that one out, or take another name`,
  );
}

function assertGood(token: TokenRow | undefined, nowMs: number): TokenRow {
  if (token === undefined) throw refuse('this coordinator has made no such token');
  if (token.usedMs !== null) throw refuse('this token was used already');
  if (token.expiresMs <= nowMs) throw refuse('this token has expired');
  return token;
}

function assertRole({ kind }: TokenRow, role: string): void {
  const isAgents = kind === 'agent';
  if (isAgents === (role === 'agent')) return;
  throw new EspalierError(
    'usage',
    isAgents
      ? 'this token lets an agent in: use it with "espalier agent --join …"'
      : `this token lets ${kind === 'operator' ? 'an operator' : 'a reader'} in: use it with "espalier login --join …"`,
  );
}

function toMember(token: TokenRow, { agentId, name }: Applicant): NewMember {
  const wanted = token.name === '' ? name : token.name;
  const id = token.kind === 'agent' ? agentId : wanted;
  if (isIdentityName(id)) return { kind: token.kind, id, name: wanted.slice(0, 100) };
  throw new EspalierError(
    'invalid',
    `${JSON.stringify(id.slice(0, 100))} cannot be a name: letters, digits, ".", "_", "-", "+" and "@" can, 100 at most`,
  );
}

function refuse(why: string): EspalierError {
  return new EspalierError(
    'unauthenticated',
    `${why}: "espalier token create" on the coordinator's host makes another`,
  );
}
