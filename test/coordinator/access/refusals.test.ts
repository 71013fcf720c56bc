// Who is refused, and what they are told: over real TLS, one row for each way to come in that is none.

import { createPrivateKey } from 'node:crypto';
import { connect } from 'node:net';
import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { revokeMember } from '../../../coordinator/access/desk.ts';
import { openAuthority } from '../../../src/pki/authority.ts';
import { createKeyPair } from '../../../src/pki/key-pair.ts';
import { toManifestId } from '../../../src/storage/manifest.ts';
import { protocolMetadata } from '../../../src/wire/channel.ts';
import type { Trust } from '../../../src/wire/credentials.ts';
import { BOUNDS } from '../../../src/domain/bounds.ts';
import { renewCredential } from '../../../src/wire/join.ts';
import { epochReport, ScriptedAgent, submitSmall } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Protected } from '../../support/protected.ts';
import { agentAs, clientAs, forge, letIn, protectedCoordinator } from '../../support/protected.ts';

const DAY_MS = 24 * 3600 * 1000;
const ADA = { kind: 'operator', id: 'ada' } as const;
const NOBODY = /has shown no certificate of this coordinator that is valid now.*token create/;

type Stranger = (coordinator: Protected) => Trust | undefined | Promise<Trust>;

const STRANGERS: Readonly<Record<string, readonly [Stranger, RegExp]>> = {
  'without TLS': [() => undefined, /asks for a certificate.*token create/],
  'without a certificate': [({ authority }) => ({ authority: authority.certificate }), NOBODY],
  'with a certificate of another authority': [
    async (coordinator) => {
      const { issuer } = await openAuthority(`${temporaryFolder()}/authority.pem`, Date.now());
      return forge(coordinator, ADA, {}, issuer);
    },
    NOBODY,
  ],
  'with a certificate that somebody who is let in has signed': [
    async (coordinator) => {
      const { key, certificate } = await letIn(coordinator, 'operator', 'eve');
      const issuer = { privateKey: createPrivateKey(key), certificate };
      const below = await forge(coordinator, ADA, {}, issuer);
      return { ...below, certificate: `${below.certificate}${certificate}` };
    },
    NOBODY,
  ],
  'with a certificate that has expired': [
    (coordinator) => forge(coordinator, ADA, { untilMs: Date.now() - DAY_MS / 2 }),
    NOBODY,
  ],
  'with a certificate that is not yet valid': [
    (coordinator) => forge(coordinator, ADA, { fromMs: Date.now() + DAY_MS / 2 }),
    NOBODY,
  ],
  'with a certificate for serving': [
    (coordinator) => forge(coordinator, ADA, { purpose: 'serve' }),
    NOBODY,
  ],
  'with a certificate that the coordinator does not know': [
    (coordinator) => forge(coordinator, ADA, {}, coordinator.authority.issuer, false),
    /is not, or no longer, one that this coordinator knows/,
  ],
  'with a certificate whose holder was revoked': [
    async (coordinator) => {
      const credential = await letIn(coordinator, 'operator', 'ada');
      revokeMember(coordinator.state, 'ada', Date.now());
      return credential;
    },
    /operator ada has been revoked.*token create/,
  ],
};

test.each(Object.entries(STRANGERS))('%s nobody is let in', async (_, [stranger, words]) => {
  const coordinator = await protectedCoordinator();
  const client = clientAs(coordinator, await stranger(coordinator));
  await expect(client.findMissing([])).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringMatching(words) as string,
  });
  const watch = client.watch({ sweepId: '', trialId: '' });
  await expect(watch.next()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a certificate that a strange key has signed in the name of the authority ends the connection, and nobody else’s', async () => {
  const coordinator = await protectedCoordinator();
  const eve = clientAs(coordinator, await letIn(coordinator, 'operator', 'eve'));
  expect(await eve.findMissing([])).toEqual([]);
  const { certificate } = coordinator.authority;
  const { privateKey } = createKeyPair();
  const forged = await forge(coordinator, ADA, {}, { privateKey, certificate });
  await expect(clientAs(coordinator, forged).findMissing([])).rejects.toThrow();
  expect(await eve.findMissing([])).toEqual([]);
});

test('a coordinator of another authority is told apart, and told nothing', async () => {
  const [known, other] = [await protectedCoordinator(), await protectedCoordinator()];
  const credential = await letIn(known, 'operator', 'ada');
  await expect(clientAs(other, credential).findMissing([])).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('is of another authority') as string,
  });
});

test('what is no TLS, or ends in the middle of it, leaves the coordinator as it was', async () => {
  const coordinator = await protectedCoordinator();
  const port = Number(coordinator.address.split(':')[1]);
  const garbage = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.alloc(100_000, 0x16),
    // The beginning of a hello of 512 bytes.
    Buffer.from('16030102000100', 'hex'),
  ];
  const ends = Array.from({ length: 40 }, (_, i) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.end(garbage[i % garbage.length] ?? '');
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await Promise.all(ends);
  const ada = clientAs(coordinator, await letIn(coordinator, 'operator', 'ada'));
  expect(await ada.findMissing([])).toEqual([]);
});

test("an agent's certificate does not pass for the coordinator's", async () => {
  const coordinator = await protectedCoordinator();
  const { findImpostor } = await import('../../../src/wire/credentials.ts');
  const { X509Certificate } = await import('node:crypto');
  const { certificate } = await letIn(coordinator, 'agent', 'one');
  const subjectaltname = new X509Certificate(certificate).subjectAltName ?? '';
  expect(findImpostor({ subjectaltname })).toBeInstanceOf(Error);
});

describe('each kind does what it may, and nothing else', () => {
  test('a reader watches, and neither submits nor steers nor transfers files', async () => {
    const coordinator = await protectedCoordinator();
    const client = clientAs(coordinator, await letIn(coordinator, 'reader', 'rob'));
    const { value } = await client.watch({ sweepId: '', trialId: '' }).next();
    expect(value?.complete).toBe(true);
    const sha256 = 'a'.repeat(64);
    const bundle = { path: 'b', sha256, sizeBytes: 1 };
    const calls = [
      client.submit({ sweepFile: '', bundle, files: [], again: false }),
      client.pause('small'),
      client.drain('one'),
      client.trust('one'),
      client.giveUp(),
      client.putBlob(Buffer.from('x'), sha256),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining("a reader's") as string,
      });
    }
  });

  test('an agent neither submits nor watches', async () => {
    const coordinator = await protectedCoordinator();
    const client = clientAs(coordinator, await letIn(coordinator, 'agent', 'one'));
    await expect(client.pause('small')).rejects.toMatchObject({ code: 'forbidden' });
    const watch = client.watch({ sweepId: '', trialId: '' });
    await expect(watch.next()).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('an operator submits, and is no agent', async () => {
    const coordinator = await protectedCoordinator();
    const ada = await letIn(coordinator, 'operator', 'ada');
    expect(await submitSmall(clientAs(coordinator, ada))).toMatchObject({ sweepId: 'small' });
    expect(await sessionEnd(coordinator, ada, 'ada')).toBe(status.PERMISSION_DENIED);
  });
});

describe('an agent', () => {
  test('works with a certificate, and only on what is leased to it', async () => {
    const coordinator = await protectedCoordinator();
    await submitSmall(clientAs(coordinator, await letIn(coordinator, 'operator', 'ada')));
    const one = agentAs(coordinator, await letIn(coordinator, 'agent', 'one'));
    const two = agentAs(coordinator, await letIn(coordinator, 'agent', 'two'));
    const agent = new ScriptedAgent(one, 'one');
    agent.beat();
    const [assignment] = (await agent.desired()).assignments;
    const stageId = assignment?.stageId ?? '';
    expect(stageId).toBe('small/1@0');
    expect(await endOf(one.getMembers({ stageId }, protocolMetadata()))).toBe(status.OK);
    for (const call of [
      two.getMembers({ stageId }, protocolMetadata()),
      two.getHistory({ stageId }, protocolMetadata()),
    ])
      expect(await endOf(call)).toBe(status.PERMISSION_DENIED);
  });

  test('commits no checkpoint that lies on the disk of another', async () => {
    const coordinator = await protectedCoordinator();
    await submitSmall(clientAs(coordinator, await letIn(coordinator, 'operator', 'ada')));
    const one = agentAs(coordinator, await letIn(coordinator, 'agent', 'one'));
    const two = agentAs(coordinator, await letIn(coordinator, 'agent', 'two'));
    const agent = new ScriptedAgent(one, 'one');
    agent.beat();
    const stageId = (await agent.desired()).assignments[0]?.stageId ?? '';
    const opened = { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true };
    await agent.report(stageId, 1, { $case: 'opened', opened });
    await agent.report(stageId, 1, epochReport(0, 0.5));
    const files = [{ path: 'weights.bin', sha256: 'a'.repeat(64), sizeBytes: 1 }];
    const checkpoint = { checkpointId: toManifestId(files), epoch: 1, files };
    await agent.report(stageId, 1, { $case: 'checkpoint', checkpoint });
    const ends = [one, two].map(
      (client) =>
        new Promise((resolve) =>
          client.commitManifest({ stageId, checkpoint }, protocolMetadata(), (error) =>
            resolve(error?.code),
          ),
        ),
    );
    // Its own is not there yet, which it is told.
    expect(await Promise.all(ends)).toEqual([status.NOT_FOUND, status.PERMISSION_DENIED]);
  });

  test('changes nothing by a report, in its own name, on what is leased to another', async () => {
    const coordinator = await protectedCoordinator();
    await submitSmall(clientAs(coordinator, await letIn(coordinator, 'operator', 'ada')));
    const [one, two] = await Promise.all(
      ['one', 'two'].map(async (id) => {
        const credential = await letIn(coordinator, 'agent', id);
        return new ScriptedAgent(agentAs(coordinator, credential), id);
      }),
    );
    one?.beat();
    const stageId = (await one?.desired())?.assignments[0]?.stageId ?? '';
    two?.beat({ slots: [] });
    await two?.desired();
    const opened = { stepsPerEpoch: 10, backend: 'cpu', numerics: 'cpu', canSave: true };
    const ended = { outcome: 'failed', message: 'by somebody else' };
    const none = { stale: [{ stageId, attempt: 1 }] };
    expect(await two?.report(stageId, 1, { $case: 'opened', opened })).toMatchObject(none);
    expect(await two?.report(stageId, 1, { $case: 'ended', ended })).toMatchObject(none);
    const taken = { stale: [] };
    expect(await one?.report(stageId, 1, { $case: 'opened', opened })).toMatchObject(taken);
    expect(await one?.report(stageId, 1, epochReport(0, 0.5))).toMatchObject(taken);
  });

  test('speaks for no other, neither in heartbeats nor in reports', async () => {
    const coordinator = await protectedCoordinator();
    const credential = await letIn(coordinator, 'agent', 'one');
    expect(await sessionEnd(coordinator, credential, 'two')).toBe(status.PERMISSION_DENIED);
    const reports = agentAs(coordinator, credential).report(protocolMetadata());
    const item = { $case: 'ended', ended: { outcome: 'completed', message: '' } } as const;
    reports.write({ agentId: 'two', sequence: 1, stageId: 'small/1@0', attempt: 1, item });
    expect(await endOf(reports)).toBe(status.PERMISSION_DENIED);
  });

  test('that is revoked has its open session ended', async () => {
    const coordinator = await protectedCoordinator();
    const credential = await letIn(coordinator, 'agent', 'one');
    const session = agentAs(coordinator, credential).session(protocolMetadata());
    session.write(heartbeatOf('one'));
    await new Promise((resolve) => session.once('data', resolve));
    revokeMember(coordinator.state, 'one', Date.now());
    expect(await endOf(session)).toBe(status.UNAUTHENTICATED);
  });

  test('renews its certificate, and the one of before lasts for its time', async () => {
    const coordinator = await protectedCoordinator();
    const before = await letIn(coordinator, 'agent', 'one');
    const after = await renewCredential(coordinator.address, before);
    expect(after).toMatchObject({ kind: 'agent', id: 'one' });
    expect(after.key).not.toBe(before.key);
    for (const credential of [before, after])
      expect(await clientAs(coordinator, credential).findMissing([])).toEqual([]);
  });

  test('who asks for it again and again is soon told to wait, and nobody else is', async () => {
    const coordinator = await protectedCoordinator();
    const one = await letIn(coordinator, 'agent', 'one');
    const two = await letIn(coordinator, 'agent', 'two');
    const asked = Array.from({ length: BOUNDS.renewals + 3 }, () =>
      renewCredential(coordinator.address, one),
    );
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(3);
    expect(String(refused[0]?.reason)).toContain('too many renewals of one certificate');
    expect(await renewCredential(coordinator.address, two)).toMatchObject({ id: 'two' });
  });
});

function heartbeatOf(agentId: string) {
  return {
    agentId,
    incarnation: '1',
    name: agentId,
    version: '0',
    slots: [{ name: 'cpu0', kind: 'cpu', description: '' }],
    running: [],
    draining: false,
    leaving: false,
    number: 1,
    acknowledgedSequence: 0,
    loads: [],
  };
}

/** The status that a session ends with after the heartbeat of `agentId`. */
function sessionEnd(coordinator: Protected, trust: Trust, agentId: string): Promise<number> {
  const session = agentAs(coordinator, trust).session(protocolMetadata());
  session.write(heartbeatOf(agentId));
  return endOf(session);
}

function endOf(call: NodeJS.ReadableStream): Promise<number> {
  return new Promise((resolve) => {
    call.on('data', () => undefined);
    call.once('error', (error: ServiceError) => resolve(error.code));
    call.once('end', () => resolve(status.OK));
  });
}
