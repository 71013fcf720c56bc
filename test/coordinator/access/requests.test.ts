// Requests for certificates as they come over the wire: whoever has a token, or a certificate, asks with them for nobody else.

import { expect, test } from 'vitest';
import { listMembers } from '../../../coordinator/access/desk.ts';
import type { Identity } from '../../../src/pki/identity.ts';
import { parseJoinToken } from '../../../src/pki/join-token.ts';
import { createKeyPair } from '../../../src/pki/key-pair.ts';
import { requestFor } from '../../../src/pki/key-request.ts';
import type { Protected } from '../../support/protected.ts';
import {
  askToJoin,
  askToRenew,
  letIn,
  protectedCoordinator,
  tokenFor,
} from '../../support/protected.ts';

const READER = { kind: 'reader', id: 'ada' } as const;
const OPERATOR = { kind: 'operator', id: 'ada' } as const;

function requestOf(identity: Identity): Promise<Buffer> {
  return requestFor(createKeyPair(), identity);
}

/** Signed by another key than it is for. */
function wronglySigned(identity: Identity): Promise<Buffer> {
  const [own, stranger] = [createKeyPair(), createKeyPair()];
  return requestFor({ privateKey: own.privateKey, publicKey: stranger.publicKey }, identity);
}

/** Who was let in, but for the coordinator's own host. */
function members({ state }: Protected): readonly string[] {
  return listMembers(state)
    .filter(({ id }) => id !== 'local')
    .map(({ kind, id }) => `${kind} ${id}`);
}

test.each([
  ['asks for another kind', () => requestOf(OPERATOR), /is let in as espalier:\/\/reader\/ada/],
  ['asks for another name', () => requestOf({ kind: 'reader', id: 'bob' }), /is let in as/],
  ['is wrongly signed', () => wronglySigned(READER), /not the one that has signed/],
  ['is none', async () => Buffer.from('x'), /could be read: install the same release/],
  ['is missing, as from an earlier release', async () => Buffer.alloc(0), /the same release/],
])('a request that %s gets no certificate and uses up no token', async (_, make, words) => {
  const coordinator = await protectedCoordinator();
  const { secret } = parseJoinToken(tokenFor(coordinator, 'reader', 'ada'));
  const asked = { secret, role: 'person', agentId: '', name: '' };
  expect(await askToJoin(coordinator, { ...asked, csr: await make() })).toMatch(words);
  expect(members(coordinator)).toEqual([]);
  expect(await askToJoin(coordinator, { ...asked, csr: await requestOf(READER) })).toBe('in');
  expect(members(coordinator)).toEqual(['reader ada']);
});

test.each([
  ['another agent', () => requestOf({ kind: 'agent', id: 'two' }), /let in as.*agent\/one/],
  ['an operator', () => requestOf({ kind: 'operator', id: 'one' }), /let in as.*agent\/one/],
  [
    'a key that is not its own',
    () => wronglySigned({ kind: 'agent', id: 'one' }),
    /not the one that has signed/,
  ],
])('an agent cannot have a certificate renewed for %s', async (_, make, words) => {
  const coordinator = await protectedCoordinator();
  const credential = await letIn(coordinator, 'agent', 'one');
  expect(await askToRenew(coordinator, credential, await make())).toMatch(words);
  const own = await requestOf({ kind: 'agent', id: 'one' });
  expect(await askToRenew(coordinator, credential, own)).toBe('in');
  expect(members(coordinator)).toEqual(['agent one']);
});
