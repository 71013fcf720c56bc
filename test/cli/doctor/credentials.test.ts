// What is said of the certificates of a host: whose, for how long, and what is wrong with them.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkCredentials } from '../../../src/cli/doctor/credentials.ts';
import { openAuthority, certifyCaller } from '../../../src/pki/authority.ts';
import { keepCredential } from '../../../src/pki/credential-folder.ts';
import { toCredential } from '../../../src/pki/credential.ts';
import { createKeyPair, toKeyPem } from '../../../src/pki/key-pair.ts';
import { temporaryFolder } from '../../support/folder.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const DAY_MS = 24 * 3600 * 1000;

/** A folder with one credential, made at {@link NOW_MS}. */
async function folderWithOne(kind: 'agent' | 'reader' = 'agent') {
  const folder = join(temporaryFolder(), 'credentials');
  const authority = await openAuthority(join(temporaryFolder(), 'authority.pem'), NOW_MS);
  const keys = createKeyPair();
  const pem = await certifyCaller(authority, { kind, id: 'one' }, keys.publicKey, NOW_MS);
  const credential = toCredential(toKeyPem(keys), pem, authority.certificate);
  return { folder, path: keepCredential(folder, 'head:7700', credential) };
}

test('a certificate is said with its holder, its end, the days until then, and its renewal', async () => {
  const { folder } = await folderWithOne();
  expect(checkCredentials(folder, 'agent', NOW_MS + DAY_MS)).toEqual([
    {
      what: 'agent head:7700',
      present: true,
      detail: 'agent one, until 2030-07-01 (29 days), renewed 2030-06-21',
      isNeeded: false,
      untilMs: NOW_MS + 30 * DAY_MS,
      renewMs: expect.any(Number) as number,
      daysLeft: 29,
    },
  ]);
  const [due] = checkCredentials(folder, 'agent', NOW_MS + 25 * DAY_MS);
  expect(due?.detail).toMatch(/\(5 days\), due for renewal$/);
});

test.each([
  [
    'has expired',
    31.5,
    /expired 2030-07-01 \(1 day ago\)/,
    /token create --kind reader".*lets reader one in again/,
  ],
  [
    'is of the future',
    -1,
    /not valid before 2030-06-01/,
    /clock of this machine is behind: set it/,
  ],
])('a certificate that %s is wrong, with what to do', async (_, days, detail, remedy) => {
  const { folder } = await folderWithOne('reader');
  const [finding] = checkCredentials(folder, 'login', NOW_MS + days * DAY_MS);
  expect(finding?.present).toBe(false);
  expect(finding?.detail).toMatch(detail);
  expect(finding?.remedy).toMatch(remedy);
});

test('a key that others of the machine can read is wrong, with what to do', async () => {
  const { folder, path } = await folderWithOne();
  chmodSync(path, 0o640);
  expect(checkCredentials(folder, 'agent', NOW_MS)).toMatchObject([
    { present: false, remedy: expect.stringContaining(`chmod 600 ${path}`) as string },
  ]);
});

test('a file that is damaged is wrong, and no reason to stop', async () => {
  const { folder, path } = await folderWithOne();
  writeFileSync(path, 'x');
  expect(checkCredentials(folder, 'agent', NOW_MS)).toMatchObject([
    { present: false, detail: expect.stringContaining('is damaged') as string },
  ]);
  expect(checkCredentials(temporaryFolder(), 'login', NOW_MS)).toEqual([]);
});
