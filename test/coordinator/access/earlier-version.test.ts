// The access folder of a version that wrote certificates by itself: it goes on to be used, by the same people and by new ones.

import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listMembers } from '../../../coordinator/access/desk.ts';
import type { Credential } from '../../../src/pki/credential.ts';
import { readCredential } from '../../../src/pki/credential.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { renewCredential } from '../../../src/wire/join.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clientAs, letIn, protectedCoordinator } from '../../support/protected.ts';

/** Made by a release that was told to certify for a hundred years; four were let in there, and one of them was revoked. */
const EARLIER = join(import.meta.dirname, '../../pki/fixtures/earlier');

/** A coordinator in a copy of that folder. */
function earlierCoordinator() {
  const state = temporaryFolder();
  cpSync(join(EARLIER, 'access'), join(state, 'access'), { recursive: true });
  return protectedCoordinator(state);
}

function earlier(name: string): Credential {
  const found = readCredential(join(EARLIER, `callers/${name}.pem`));
  if (found === undefined) throw new Error(`the fixture has no ${name}`);
  return found;
}

test('in the folder of an earlier version whoever was let in stays so, and whoever was revoked, too', async () => {
  const coordinator = await earlierCoordinator();
  const { authority, local } = statePaths(coordinator.state);
  for (const [path, name] of [
    [authority, 'authority.pem'],
    [local, 'local.pem'],
  ] as const)
    expect(readFileSync(path)).toEqual(readFileSync(join(EARLIER, 'access', name)));
  for (const trust of [earlier('host'), earlier('ada'), readCredential(local)])
    expect(await clientAs(coordinator, trust).findMissing([])).toEqual([]);
  const watch = clientAs(coordinator, earlier('rob')).watch({ sweepId: '', trialId: '' });
  expect((await watch.next()).value?.complete).toBe(true);
  await expect(clientAs(coordinator, earlier('eve')).findMissing([])).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining('operator eve has been revoked') as string,
  });
});

test('by the authority of an earlier version certificates are renewed, and others join', async () => {
  const coordinator = await earlierCoordinator();
  const before = earlier('host');
  const after = await renewCredential(coordinator.address, before);
  expect(after).toMatchObject({ kind: 'agent', id: before.id, authority: before.authority });
  const newcomer = await letIn(coordinator, 'operator', 'new');
  for (const trust of [before, after, newcomer])
    expect(await clientAs(coordinator, trust).findMissing([])).toEqual([]);
  const names = listMembers(coordinator.state).map(({ name }) => name);
  expect(names).toEqual(['local', 'host', 'ada', 'rob', 'eve', 'new']);
});
