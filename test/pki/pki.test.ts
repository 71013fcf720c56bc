// Certificates as Node reads them, credentials and their files.

import { createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { certifyCaller, openAuthority, readAuthority } from '../../src/pki/authority.ts';
import {
  isDueForRenewal,
  readCredential,
  toCredential,
  writeCredential,
} from '../../src/pki/credential.ts';
import { findCredential, keepCredential } from '../../src/pki/credential-folder.ts';
import { identityOf, isIdentityName } from '../../src/pki/identity.ts';
import { createKeyPair, toKeyPem } from '../../src/pki/key-pair.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const DAY_MS = 24 * 3600 * 1000;
const ONE = { kind: 'agent', id: 'one' } as const;

function newAuthority() {
  return openAuthority(join(temporaryFolder(), 'authority.pem'), NOW_MS);
}

async function newCredential(id = 'one') {
  const authority = await newAuthority();
  const keys = createKeyPair();
  const certificate = await certifyCaller(authority, { kind: 'agent', id }, keys.publicKey, NOW_MS);
  return toCredential(toKeyPem(keys), certificate, authority.certificate);
}

describe('certificates', () => {
  test('are of the authority, for their time, and say who it is', async () => {
    const authority = await newAuthority();
    const issuer = new X509Certificate(authority.certificate);
    const { publicKey } = createKeyPair();
    const found = new X509Certificate(await certifyCaller(authority, ONE, publicKey, NOW_MS));
    expect(found.verify(issuer.publicKey)).toBe(true);
    expect(found.checkIssued(issuer)).toBe(true);
    expect(found.ca).toBe(false);
    expect(identityOf(found)).toEqual(ONE);
    expect(Date.parse(found.validFrom)).toBeLessThanOrEqual(NOW_MS);
    expect(Date.parse(found.validTo)).toBe(NOW_MS + 30 * DAY_MS);
    expect(found.subject).toBe('CN=agent one');
    expect(found.issuer).toBe(issuer.subject);
  });

  test('an id that is written like several names stays one', async () => {
    const authority = await newAuthority();
    const id = 'a, URI:espalier://operator/root';
    const { publicKey } = createKeyPair();
    const pem = await certifyCaller(authority, { kind: 'agent', id }, publicKey, NOW_MS);
    expect(identityOf(new X509Certificate(pem))).toEqual({ kind: 'agent', id });
    expect(isIdentityName(id)).toBe(false);
  });
});

describe('a credential', () => {
  test('comes back from its file as it was, which is its owner’s alone', async () => {
    const folder = join(temporaryFolder(), 'deep');
    const credential = await newCredential();
    const path = keepCredential(folder, 'Head:7700', credential);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(findCredential(folder, 'head:7700')).toEqual(credential);
    expect(findCredential(folder, 'head:7701')).toBeUndefined();
    expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
  });

  test('for another address stays inside its folder', async () => {
    const folder = temporaryFolder();
    const path = keepCredential(folder, '../../x:1', await newCredential());
    expect(path.startsWith(`${folder}/`)).toBe(true);
    expect(path.slice(folder.length + 1)).not.toContain('/');
  });

  test('is not made of parts of two', async () => {
    const [one, two] = [await newCredential(), await newCredential()];
    expect(() => toCredential(one.key, two.certificate, two.authority)).toThrow('belong together');
  });

  test('whose file was cut is called damaged', async () => {
    const path = join(temporaryFolder(), 'x.pem');
    const credential = await newCredential();
    writeCredential(path, credential);
    writeFileSync(path, credential.key);
    expect(() => readCredential(path)).toThrow(/is damaged.*join again/);
  });

  test('is renewed once two thirds of its life are over', async () => {
    const credential = await newCredential();
    expect(isDueForRenewal(credential, NOW_MS + 19 * DAY_MS)).toBe(false);
    expect(isDueForRenewal(credential, NOW_MS + 21 * DAY_MS)).toBe(true);
  });
});

test('an authority whose file is damaged is not made anew', async () => {
  const path = join(temporaryFolder(), 'authority.pem');
  await openAuthority(path, NOW_MS);
  writeFileSync(path, 'x');
  await expect(openAuthority(path, NOW_MS)).rejects.toThrow(/is damaged/);
  expect(() => readAuthority(path)).toThrow(/is damaged/);
});

test('the public key of an authority is the one that it signs with', async () => {
  const { issuer, certificate } = await newAuthority();
  expect(
    createPublicKey(issuer.privateKey).equals(new X509Certificate(certificate).publicKey),
  ).toBe(true);
});
