// Certificates and requests as OpenSSL judges them, which has nothing in common with the library that makes them.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Authority } from '../../src/pki/authority.ts';
import {
  certifyCaller,
  certifyServer,
  openAuthority,
  readAuthority,
} from '../../src/pki/authority.ts';
import { createCertificate } from '../../src/pki/certificate.ts';
import { createKeyPair } from '../../src/pki/key-pair.ts';
import { requestFor } from '../../src/pki/key-request.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hasOpenssl, openssl } from '../support/openssl.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const DAY_MS = 24 * 3600 * 1000;
const ONE = { kind: 'agent', id: 'one' } as const;
const EARLIER = join(import.meta.dirname, 'fixtures/earlier/access/authority.pem');

/** Files of an authority, of what it has certified, and of what one of those has certified, which it may not. */
async function chainOf(authority: Authority): Promise<string> {
  const folder = temporaryFolder();
  const { publicKey, privateKey } = createKeyPair();
  const call = await certifyCaller(authority, ONE, publicKey, NOW_MS);
  const files = {
    authority: authority.certificate,
    serve: await certifyServer(authority, publicKey, NOW_MS),
    call,
    below: await createCertificate(
      {
        purpose: 'call',
        commonName: 'operator x',
        uri: 'espalier://operator/x',
        publicKey,
        fromMs: NOW_MS,
        untilMs: NOW_MS + DAY_MS,
      },
      { privateKey, certificate: call },
    ),
  };
  for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
  return folder;
}

test.skipIf(!hasOpenssl).each([
  ['of today', async () => openAuthority(join(temporaryFolder(), 'authority.pem'), NOW_MS)],
  ['that an earlier version has made', async () => readAuthority(EARLIER)],
])(
  'OpenSSL takes each certificate of an authority %s for its purpose and for no other',
  async (_, open) => {
    const authority = await open();
    if (authority === undefined) throw new Error('there is no authority');
    const folder = await chainOf(authority);
    const verdicts = ['serve', 'call', 'below'].map((name) =>
      ['sslserver', 'sslclient'].map((purpose) => isTakenFor(folder, name, purpose)),
    );
    expect(verdicts).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  },
);

test.skipIf(!hasOpenssl)('OpenSSL finds a request whole, and whom it is for in it', async () => {
  const path = join(temporaryFolder(), 'request.der');
  writeFileSync(path, await requestFor(createKeyPair(), ONE));
  const flags = ['req', '-inform', 'DER', '-in', path, '-noout', '-text', '-verify'];
  const judge = (): string => {
    const { stdout, stderr } = spawnSync('openssl', flags, { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  };
  const verdict = judge();
  expect(verdict).toMatch(/verify OK/i);
  expect(verdict).toContain('URI:espalier://agent/one');
  expect(verdict).toContain('ecdsa-with-SHA256');
  // One bit of its signature.
  const bent = readFileSync(path);
  bent[bent.length - 20] = (bent[bent.length - 20] ?? 0) ^ 1;
  writeFileSync(path, bent);
  expect(judge()).toMatch(/verify failure/i);
});

function isTakenFor(folder: string, name: string, purpose: string): boolean {
  const at = String(Math.floor(NOW_MS / 1000) + 60);
  const flags = ['-x509_strict', '-attime', at, '-purpose', purpose];
  const chain = ['-CAfile', join(folder, 'authority'), '-untrusted', join(folder, 'call')];
  try {
    openssl('verify', ...flags, ...chain, join(folder, name));
    return true;
  } catch {
    return false;
  }
}
