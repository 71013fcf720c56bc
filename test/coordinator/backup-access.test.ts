// Who is let in, in a backup: it comes back with it, and nobody but its owner could read it meanwhile.

import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { revokeMember } from '../../coordinator/access/desk.ts';
import { backUp } from '../../coordinator/backup/back-up.ts';
import { restoreBackup } from '../../coordinator/backup/restore.ts';
import { readCredential } from '../../src/pki/credential.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { temporaryFolder } from '../support/folder.ts';
import type { Protected } from '../support/protected.ts';
import { clientAs, letIn, protectedCoordinator } from '../support/protected.ts';

const NOW = new Date('2026-03-01T04:00:00Z');
const { signal } = new AbortController();

async function backedUp({ state }: Protected): Promise<string> {
  const target = join(temporaryFolder(), 'backup');
  const made = await backUp({ state, target, now: NOW, signal });
  expect(made.hasKeys).toBe(true);
  return made.folder;
}

async function restored(backup: string): Promise<string> {
  const state = join(temporaryFolder(), 'state');
  await restoreBackup({ backup, state, moveAside: false, now: NOW, signal });
  return state;
}

/** Rights of the folder of keys, and of the files in it. */
function rightsIn(folder: string): Readonly<Record<string, string>> {
  const access = join(folder, 'access');
  const files = readdirSync(access).map((name) => [name, rightsOf(join(access, name))] as const);
  return { access: rightsOf(access), ...Object.fromEntries(files) };
}

function rightsOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

test('a restored coordinator lets in whom it let in, and the commands of its machine, and nobody who was revoked', async () => {
  const coordinator = await protectedCoordinator();
  const ada = await letIn(coordinator, 'operator', 'ada');
  const eve = await letIn(coordinator, 'operator', 'eve');
  revokeMember(coordinator.state, 'eve', NOW.getTime());
  const state = await restored(await backedUp(coordinator));
  const again = await protectedCoordinator(state);
  expect(again.authority.fingerprint).toBe(coordinator.authority.fingerprint);
  const local = readCredential(statePaths(state).local);
  for (const trust of [ada, local])
    expect(await clientAs(again, trust).findMissing([])).toEqual([]);
  await expect(clientAs(again, eve).findMissing([])).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});

test('keys and ledger are for their owner alone, in the backup and in what is made of it', async () => {
  const backup = await backedUp(await protectedCoordinator());
  const rights = { access: '700', 'authority.pem': '600', 'ledger.db': '600', 'local.pem': '600' };
  expect(rightsIn(backup)).toEqual(rights);
  // As a copy on a disk without rights comes back.
  for (const name of readdirSync(join(backup, 'access')))
    chmodSync(join(backup, 'access', name), 0o644);
  expect(rightsIn(await restored(backup))).toEqual(rights);
});
