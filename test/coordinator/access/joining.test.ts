// Tokens: good once, for a while, and only at the coordinator that made them.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createToken, listMembers, revokeMember } from '../../../coordinator/access/desk.ts';
import { certifyServer, openAuthority, readAuthority } from '../../../src/pki/authority.ts';
import {
  createJoinToken,
  formatJoinToken,
  hashSecret,
  parseJoinToken,
} from '../../../src/pki/join-token.ts';
import { createKeyPair, toKeyPem } from '../../../src/pki/key-pair.ts';
import { requestFor } from '../../../src/pki/key-request.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { joinCoordinator } from '../../../src/wire/join.ts';
import { testCoordinator } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import {
  askToJoin,
  askToJoinAtOnce,
  clientAs,
  letIn,
  protectedCoordinator,
  tokenFor,
} from '../../support/protected.ts';

function joinAs(address: string, token: string, id: string) {
  return joinCoordinator({ address, token, role: 'agent', agentId: id, name: id });
}

test('a token that is used a hundred times at once lets exactly one in', async () => {
  const coordinator = await protectedCoordinator();
  const { state } = coordinator;
  const wanted = { kind: 'agent', name: '', lifeMs: 60_000 } as const;
  const { secret } = parseJoinToken(createToken(state, wanted, Date.now()));
  const details = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const csr = await requestFor(createKeyPair(), { kind: 'agent', id: `agent-${i}` });
      const asked = { secret, role: 'agent', agentId: `agent-${i}`, name: '', csr };
      return askToJoin(coordinator, asked);
    }),
  );
  expect(details.filter((words) => words === 'in')).toHaveLength(1);
  expect(details.filter((words) => words.includes('used already'))).toHaveLength(99);
  expect(listMembers(state).filter(({ kind }) => kind === 'agent')).toHaveLength(1);
});

test('a token that has expired, is unknown, or is for another kind lets nobody in, in words', async () => {
  const coordinator = await protectedCoordinator();
  const { state, address, authority } = coordinator;
  const wanted = { kind: 'agent', name: '', lifeMs: 1000 } as const;
  const expired = createToken(state, wanted, Date.now() - 60_000);
  const unknown = formatJoinToken(createJoinToken(authority.fingerprint));
  const persons = tokenFor(coordinator, 'operator');
  for (const [token, words] of [
    [expired, /has expired.*token create/],
    [unknown, /made no such token/],
    [persons, /lets an operator in: use it with "espalier login/],
  ] as const)
    await expect(joinAs(address, token, 'one')).rejects.toThrow(words);
  // What could not be granted has used nothing up.
  expect(await letIn(coordinator, 'operator', 'ada', persons)).toMatchObject({ id: 'ada' });
});

test('whoever guesses at secrets is soon told to wait, and nobody can read one in the ledger', async () => {
  const coordinator = await protectedCoordinator();
  const token = tokenFor(coordinator, 'agent');
  const { secret } = parseJoinToken(token);
  const csr = await requestFor(createKeyPair(), { kind: 'agent', id: 'one' });
  const guess = { secret: Buffer.alloc(16), role: 'agent', agentId: 'one', name: '', csr };
  const guesses = Array.from({ length: 200 }, () => guess);
  const answers = await askToJoinAtOnce(coordinator, guesses);
  expect(answers.filter((words) => words.includes('no such token')).length).toBeGreaterThan(100);
  expect(answers.filter((words) => words.includes('too many attempts')).length).toBeGreaterThan(0);
  const { ledger } = statePaths(coordinator.state);
  const kept = Buffer.concat([ledger, `${ledger}-wal`].map((path) => readFileSync(path)));
  for (const form of [secret, secret.toString('hex'), secret.toString('base64url')])
    expect(kept.includes(form)).toBe(false);
  expect(kept.includes(hashSecret(secret))).toBe(true);
});

test('a token that was cut or garbled is told from one that is not good', async () => {
  const token = formatJoinToken(createJoinToken('ab'.repeat(32)));
  expect(parseJoinToken(` ${token}\n`).authority).toBe('ab'.repeat(32));
  const garbled = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
  for (const wrong of [token.slice(0, -1), garbled, 'esp1', '', token.replace('esp1', 'esp2')])
    await expect(joinAs('127.0.0.1:1', wrong, 'one')).rejects.toMatchObject({ code: 'usage' });
});

test('a hundred who come at once under one name, each with a token of its own, are one in the end', async () => {
  const coordinator = await protectedCoordinator();
  const tokens = Array.from({ length: 100 }, () => tokenFor(coordinator, 'operator', 'ada'));
  const outcomes = await Promise.allSettled(
    tokens.map((token) => letIn(coordinator, 'operator', 'ada', token)),
  );
  const letInOnes = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(letInOnes).toHaveLength(1);
  // The one that was told so really is.
  for (const { value } of letInOnes)
    expect(await clientAs(coordinator, value).findMissing([])).toEqual([]);
});

test('a token of another coordinator lets nobody in: it is not sent, and where it is, it is not known', async () => {
  const [one, other] = [await protectedCoordinator(), await protectedCoordinator()];
  const token = tokenFor(other, 'agent');
  await expect(joinAs(one.address, token, 'one')).rejects.toThrow(/another fingerprint/);
  const { secret } = parseJoinToken(token);
  const csr = await requestFor(createKeyPair(), { kind: 'agent', id: 'one' });
  const asked = { secret, role: 'agent', agentId: 'one', name: '', csr };
  expect(await askToJoin(one, asked)).toMatch(/made no such token/);
  expect(await letIn(other, 'agent', 'one', token)).toMatchObject({ id: 'one' });
});

test('somebody who is in cannot be replaced by another of the same name until revoked', async () => {
  const coordinator = await protectedCoordinator();
  const first = await letIn(coordinator, 'operator', 'ada');
  const token = tokenFor(coordinator, 'operator', 'ada');
  await expect(letIn(coordinator, 'operator', 'eve', token)).rejects.toThrow(/espalier revoke ada/);
  revokeMember(coordinator.state, 'ada', Date.now());
  const second = await letIn(coordinator, 'operator', 'eve', token);
  expect(second).toMatchObject({ kind: 'operator', id: 'ada' });
  expect(await clientAs(coordinator, second).findMissing([])).toEqual([]);
  await expect(clientAs(coordinator, first).findMissing([])).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test('a coordinator without TLS is told apart, and told nothing', async () => {
  const { address } = await testCoordinator();
  const token = formatJoinToken(createJoinToken('ab'.repeat(32)));
  await expect(joinAs(address, token, 'one')).rejects.toThrow(/does not speak TLS/);
});

/** A server in between with a chain of its own; what it is told after the handshake. */
async function startImpostor(key: string, cert: string) {
  const heard: Buffer[] = [];
  const server = createServer({ key, cert, ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('data', (data) => heard.push(data)).on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: `127.0.0.1:${port}`, heard };
}

test('whoever is in between, with an authority of its own or with a copy of the right one, hears nothing', async () => {
  const right = await protectedCoordinator();
  const folder = temporaryFolder();
  const own = await openAuthority(`${folder}/authority.pem`, Date.now());
  const keys = createKeyPair();
  const leaf = await certifyServer(own, keys.publicKey, Date.now());
  for (const chain of [own.certificate, right.authority.certificate]) {
    const impostor = await startImpostor(toKeyPem(keys), `${leaf}${chain}`);
    const token = tokenFor(right, 'agent');
    await expect(joinAs(impostor.address, token, 'one')).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('in between') as string,
    });
    expect(Buffer.concat(impostor.heard)).toHaveLength(0);
  }
});

test('the authority is made once, and its file is its owner’s alone', async () => {
  const { statSync } = await import('node:fs');
  const path = `${temporaryFolder()}/deep/authority.pem`;
  expect(readAuthority(path)).toBeUndefined();
  const first = await openAuthority(path, Date.now());
  expect((await openAuthority(path, Date.now())).fingerprint).toBe(first.fingerprint);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(new X509Certificate(first.certificate).ca).toBe(true);
});
