// As whom a command speaks: by a certificate that was logged in for, which it renews, or by the one of the coordinator's own host.

import { expect, onTestFinished, test } from 'vitest';
import { openClient } from '../../src/cli/connection.ts';
import { findCredential, keepCredential } from '../../src/pki/credential-folder.ts';
import { toCredential } from '../../src/pki/credential.ts';
import { ownConfig } from '../support/own-config.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Protected } from '../support/protected.ts';
import { forge, protectedCoordinator } from '../support/protected.ts';

const DAY_MS = 24 * 3600 * 1000;
const ADA = { kind: 'operator', id: 'ada' } as const;

/** Keeps a certificate of Ada's that lasts from `fromMs` to `untilMs`, from now, for a coordinator at `address`. */
async function logIn(
  coordinator: Protected,
  fromMs: number,
  untilMs: number,
  address = coordinator.address,
) {
  const folder = ownConfig();
  const nowMs = Date.now();
  const times = { fromMs: nowMs + fromMs, untilMs: nowMs + untilMs };
  const { key, certificate, authority } = await forge(coordinator, ADA, times);
  const credential = toCredential(key, certificate, authority);
  keepCredential(folder, address, credential);
  return { credential, find: () => findCredential(folder, address) };
}

async function clientOf(state: string, coordinator: string) {
  const client = await openClient({ state, coordinator });
  onTestFinished(() => client.close());
  return client;
}

test('a person’s certificate of which two thirds are over is renewed by the next command, and kept', async () => {
  const coordinator = await protectedCoordinator();
  const { credential, find } = await logIn(coordinator, -25 * DAY_MS, 5 * DAY_MS);
  const client = await clientOf(temporaryFolder(), coordinator.address);
  expect(await client.findMissing([])).toEqual([]);
  expect(find()?.untilMs).toBeGreaterThan(Date.now() + 29 * DAY_MS);
  expect(find()?.key).not.toBe(credential.key);
});

test('a person’s certificate that lasts for a while yet stays as it is', async () => {
  const coordinator = await protectedCoordinator();
  const { credential, find } = await logIn(coordinator, -5 * DAY_MS, 25 * DAY_MS);
  const client = await clientOf(temporaryFolder(), coordinator.address);
  expect(await client.findMissing([])).toEqual([]);
  expect(find()).toEqual(credential);
});

test('a certificate that cannot be renewed now is used as long as it lasts', async () => {
  const coordinator = await protectedCoordinator();
  const away = '127.0.0.1:9';
  const { credential, find } = await logIn(coordinator, -25 * DAY_MS, 5 * DAY_MS, away);
  const client = await clientOf(temporaryFolder(), away);
  await expect(client.findMissing([])).rejects.toMatchObject({ code: 'unavailable' });
  expect(find()).toEqual(credential);
});

test('a person’s certificate that has expired is said to, before anything is tried', async () => {
  const coordinator = await protectedCoordinator();
  await logIn(coordinator, -31 * DAY_MS, -DAY_MS);
  await expect(clientOf(temporaryFolder(), coordinator.address)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringMatching(/has expired.*token create --kind operator/) as string,
  });
});

test('a command beside the coordinator is let in by its folder, and by no other', async () => {
  ownConfig();
  const { state, address } = await protectedCoordinator();
  expect(await (await clientOf(state, address)).findMissing([])).toEqual([]);
  const elsewhere = await clientOf(temporaryFolder(), address);
  await expect(elsewhere.findMissing([])).rejects.toMatchObject({ code: 'unauthenticated' });
});
