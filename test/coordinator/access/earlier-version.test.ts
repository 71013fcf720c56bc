// The access folder of a version that wrote certificates by itself: it goes on to be used.

import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readCredential } from '../../../src/pki/credential.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { renewCredential } from '../../../src/wire/join.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { clientAs, enroll, letIn, protectedCoordinator } from '../../support/protected.ts';

const FIXTURES = join(import.meta.dirname, '../../pki/fixtures');
const ONE = { kind: 'agent', id: 'one' } as const;

test('with the authority of an earlier version whoever was let in stays so, renews, and others join', async () => {
  const state = temporaryFolder();
  const { authority } = statePaths(state);
  mkdirSync(dirname(authority), { recursive: true, mode: 0o700 });
  copyFileSync(join(FIXTURES, 'earlier-authority.pem'), authority);
  const coordinator = await protectedCoordinator(state);
  expect(readFileSync(authority)).toEqual(readFileSync(join(FIXTURES, 'earlier-authority.pem')));
  const before = readCredential(join(FIXTURES, 'earlier-agent.pem'));
  if (before === undefined) throw new Error('the fixture has no credential');
  expect(before.authority).toBe(coordinator.authority.certificate);
  enroll(state, ONE, before.certificate);
  const after = await renewCredential(coordinator.address, before);
  const ada = await letIn(coordinator, 'operator', 'ada');
  const local = readCredential(statePaths(state).local);
  for (const trust of [before, after, ada, local])
    expect(await clientAs(coordinator, trust).findMissing([])).toEqual([]);
});
