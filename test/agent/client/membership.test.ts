// How an agent comes to be known, stays so, and what it is told where it is not.

import { expect, test } from 'vitest';
import { Membership } from '../../../agent/client/membership.ts';
import { toCredential } from '../../../src/pki/credential.ts';
import { agentFolder, findCredential, keepCredential } from '../../../src/pki/credential-folder.ts';
import { testCoordinator } from '../../support/coordinator.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Protected } from '../../support/protected.ts';
import { clientAs, forge, protectedCoordinator, tokenFor } from '../../support/protected.ts';

const DAY_MS = 24 * 3600 * 1000;
const ONE = { kind: 'agent', id: 'one' } as const;

function optionsFor(coordinator: string, state = temporaryFolder()) {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const agent = { agentId: 'one', name: 'host', token: undefined, insecure: false };
  return { ...agent, coordinator, state, lines, log };
}

/** An agent's folder with a certificate that lasts from `fromMs` to `untilMs`, from now. */
async function folderWith(
  coordinator: Protected,
  fromMs: number,
  untilMs: number,
): Promise<string> {
  const state = temporaryFolder();
  const nowMs = Date.now();
  const times = { fromMs: nowMs + fromMs, untilMs: nowMs + untilMs };
  const { key, certificate, authority } = await forge(coordinator, ONE, times);
  const credential = toCredential(key, certificate, authority);
  keepCredential(agentFolder(state), coordinator.address, credential);
  return state;
}

test('an agent joins once, and finds its certificate again', async () => {
  const coordinator = await protectedCoordinator();
  const options = optionsFor(coordinator.address);
  const token = tokenFor(coordinator, 'agent');
  const joined = await Membership.open({ ...options, token });
  expect(joined.credential).toMatchObject(ONE);
  expect((await Membership.open(options)).credential).toEqual(joined.credential);
  // The same line again, as after a restart: it says so, and goes on.
  const again = await Membership.open({ ...options, token });
  expect(again.credential).toEqual(joined.credential);
  expect(options.lines.at(-1)).toMatch(/used already.*going on with the certificate/);
});

test('a certificate of which two thirds are over is renewed, kept, and shown from then on', async () => {
  const coordinator = await protectedCoordinator();
  const { address } = coordinator;
  const state = await folderWith(coordinator, -25 * DAY_MS, 5 * DAY_MS);
  const membership = await Membership.open(optionsFor(address, state));
  const before = membership.credential;
  const end = new AbortController();
  await new Promise<void>((resolve) => membership.keep(end.signal, resolve));
  end.abort();
  expect(membership.credential?.untilMs).toBeGreaterThan(Date.now() + 29 * DAY_MS);
  expect(membership.credential?.key).not.toBe(before?.key);
  expect(findCredential(agentFolder(state), address)).toEqual(membership.credential);
  expect(await clientAs(coordinator, membership.credential).findMissing([])).toEqual([]);
});

test('a certificate that has expired is said to, before anything is tried', async () => {
  const coordinator = await protectedCoordinator();
  const state = await folderWith(coordinator, -31 * DAY_MS, -DAY_MS);
  await expect(Membership.open(optionsFor(coordinator.address, state))).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringMatching(/has expired on .*token create/) as string,
  });
});

test('the certificate of another agent, as in a copied folder, is not taken', async () => {
  const coordinator = await protectedCoordinator();
  const state = await folderWith(coordinator, -DAY_MS, DAY_MS);
  const options = { ...optionsFor(coordinator.address, state), agentId: 'two' };
  expect((await Membership.open(options)).credential).toBeUndefined();
});

test('without a certificate an agent works on loopback, and elsewhere only if it is told to', async () => {
  const { address } = await testCoordinator();
  expect((await Membership.open(optionsFor(address))).credential).toBeUndefined();
  const elsewhere = optionsFor(address.replace('127.0.0.1', '0.0.0.0'));
  await expect(Membership.open(elsewhere)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('--insecure') as string,
  });
  const told = await Membership.open({ ...elsewhere, insecure: true });
  expect(told.credential).toBeUndefined();
});

test('an agent that says --insecure to a coordinator with TLS is told how to join', async () => {
  const { address } = await protectedCoordinator();
  const options = optionsFor(address.replace('127.0.0.1', '0.0.0.0'));
  await expect(Membership.open({ ...options, insecure: true })).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('lets this agent in') as string,
  });
});
