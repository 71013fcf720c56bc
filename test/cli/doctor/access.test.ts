// What is said of a coordinator's folder: authority, keys, the certificate of its own host, and the one that it shows.

import { chmodSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkAccess } from '../../../src/cli/doctor/access.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { protectedCoordinator } from '../../support/protected.ts';

const DAY_MS = 24 * 3600 * 1000;

/** The findings by what they are about. */
async function findingsOf(state: string, nowMs: number) {
  const findings = await checkAccess(state, nowMs);
  return Object.fromEntries(findings.map((finding) => [finding.what, finding]));
}

test('of a folder whose coordinator lets in everybody nothing is said', async () => {
  expect(await checkAccess(temporaryFolder(), Date.now())).toEqual([]);
});

test('of a coordinator that serves all is said to be good, and for how long', async () => {
  const { state } = await protectedCoordinator();
  expect(await findingsOf(state, Date.now())).toMatchObject({
    authority: { present: true, daysLeft: 3649 },
    'keys of the coordinator': { present: true },
    "commands on this coordinator's host": { present: true, daysLeft: 29 },
    "the coordinator's own certificate": { present: true, daysLeft: 89 },
  });
});

test('an authority that ends soon is wrong, since nothing replaces it by itself', async () => {
  const { state } = await protectedCoordinator();
  const { authority } = await findingsOf(state, Date.now() + 3_640 * DAY_MS);
  expect(authority).toMatchObject({
    present: false,
    daysLeft: 9,
    remedy: expect.stringContaining('let everybody join anew') as string,
  });
});

test('keys that others can open, and an authority that is damaged, are wrong, with what to do', async () => {
  const { state } = await protectedCoordinator();
  const { authority } = statePaths(state);
  chmodSync(authority, 0o644);
  writeFileSync(authority, 'x');
  expect(await findingsOf(state, Date.now())).toMatchObject({
    authority: {
      present: false,
      detail: expect.stringContaining('is damaged') as string,
      remedy: expect.stringContaining('restore it from a backup') as string,
    },
    'keys of the coordinator': {
      present: false,
      remedy: expect.stringContaining(`chmod 600 ${authority}`) as string,
    },
    "the coordinator's own certificate": { present: false },
  });
});
