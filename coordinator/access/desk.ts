// What commands on the coordinator's host do about who is let in, whether the coordinator runs or not.

import { EspalierError } from '../../src/domain/errors.ts';
import { readAuthority } from '../../src/pki/authority.ts';
import type { IdentityKind } from '../../src/pki/identity.ts';
import { createJoinToken, formatJoinToken, hashSecret } from '../../src/pki/join-token.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import type { Member } from './ledger.ts';
import { Ledger } from './ledger.ts';

export type { Member } from './ledger.ts';

/** A token that is wanted. */
export type Wanted = {
  readonly kind: IdentityKind;
  /** Whom it is for; empty: whoever comes. */
  readonly name: string;
  readonly lifeMs: number;
};

/** Makes a token; its text is kept nowhere. @throws EspalierError `not-found` in a folder whose coordinator lets in everybody */
export function createToken(state: string, { kind, name, lifeMs }: Wanted, nowMs: number): string {
  const authority = readAuthority(statePaths(state).authority);
  if (authority === undefined)
    throw new EspalierError(
      'not-found',
      `${state} has no coordinator that asks for certificates: start one with "espalier coordinator --listen 0.0.0.0:7700", or name its folder with --state`,
    );
  const token = createJoinToken(authority.fingerprint);
  withLedger(state, (ledger) =>
    ledger.addToken(hashSecret(token.secret), { kind, name, expiresMs: nowMs + lifeMs }, nowMs),
  );
  return formatJoinToken(token);
}

/** Everybody who was ever let in. @throws as {@link createToken} */
export function listMembers(state: string): readonly Member[] {
  return withLedger(state, (ledger) => ledger.members());
}

/** Lets somebody in no more; who it was. @throws EspalierError `not-found` for nobody, `conflict` for several of one name */
export function revokeMember(state: string, wanted: string, nowMs: number): Member {
  return withLedger(state, (ledger) => {
    const [member, ...others] = ledger
      .members()
      .filter(
        ({ id, name, revokedMs }) => revokedMs === null && (id === wanted || name === wanted),
      );
    if (member === undefined)
      throw new EspalierError('not-found', `nobody who is let in is called ${wanted}`);
    if (others.length > 0)
      throw new EspalierError(
        'conflict',
        `${others.length + 1} are called ${wanted}: name one by its id, ${[member, ...others].map(({ id }) => id).join(' or ')}`,
      );
    ledger.revoke(member, nowMs);
    return member;
  });
}

function withLedger<T>(state: string, body: (ledger: Ledger) => T): T {
  const paths = statePaths(state);
  if (readAuthority(paths.authority) === undefined)
    throw new EspalierError('not-found', `${state} has no coordinator that asks for certificates`);
  const ledger = Ledger.open(paths.ledger);
  try {
    return body(ledger);
  } finally {
    ledger.close();
  }
}
