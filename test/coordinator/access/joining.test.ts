// Tokens: good once, for a while, and only at the coordinator that made them.

import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createToken, listMembers, revokeMember } from '../../../coordinator/access/desk.ts';
import {
  certifyServer,
  openAuthority,
  readAuthority,
  toKeyPem,
} from '../../../src/pki/authority.ts';
import { createJoinToken, formatJoinToken, parseJoinToken } from '../../../src/pki/join-token.ts';
import { createKeyPair, requestFor } from '../../../src/pki/key-request.ts';
import { CHANNEL_OPTIONS, protocolMetadata, withDeadline } from '../../../src/wire/channel.ts';
import { TLS_OPTIONS, toChannelCredentials } from '../../../src/wire/credentials.ts';
import { JoinServiceClient } from '../../../src/wire/generated/espalier/v1/join.ts';
import { joinCoordinator } from '../../../src/wire/join.ts';
import { testCoordinator } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clientAs, letIn, protectedCoordinator, tokenFor } from '../../support/protected.ts';

function joinAs(address: string, token: string, id: string) {
  return joinCoordinator({ address, token, role: 'agent', agentId: id, name: id });
}

test('a token that is used a hundred times at once lets exactly one in', async () => {
  const { address, authority, state } = await protectedCoordinator();
  const wanted = { kind: 'agent', name: '', lifeMs: 60_000 } as const;
  const { secret } = parseJoinToken(createToken(state, wanted, Date.now()));
  const trust = toChannelCredentials({ authority: authority.certificate });
  const client = new JoinServiceClient(address, trust, { ...CHANNEL_OPTIONS, ...TLS_OPTIONS });
  onTestFinished(() => client.close());
  const details = await Promise.all(
    Array.from({ length: 100 }, (_, i) => {
      const key = requestFor(createKeyPair());
      const request = { secret, role: 'agent', agentId: `agent-${i}`, name: '', key };
      return new Promise<string>((resolve) =>
        client.join(request, protocolMetadata(), withDeadline(), (error) =>
          resolve(error === null ? 'in' : error.details),
        ),
      );
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

test('a token that was cut or garbled is told from one that is not good', async () => {
  const token = formatJoinToken(createJoinToken('ab'.repeat(32)));
  expect(parseJoinToken(` ${token}\n`).authority).toBe('ab'.repeat(32));
  const garbled = `${token.slice(0, 20)}${token[20] === 'A' ? 'B' : 'A'}${token.slice(21)}`;
  for (const wrong of [token.slice(0, -1), garbled, 'esp1', '', token.replace('esp1', 'esp2')])
    await expect(joinAs('127.0.0.1:1', wrong, 'one')).rejects.toMatchObject({ code: 'usage' });
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
  const own = openAuthority(`${folder}/authority.pem`, Date.now());
  const keys = createKeyPair();
  const leaf = certifyServer(own, keys.publicKey, Date.now());
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
  const first = openAuthority(path, Date.now());
  expect(openAuthority(path, Date.now()).fingerprint).toBe(first.fingerprint);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(new X509Certificate(first.certificate).ca).toBe(true);
});
