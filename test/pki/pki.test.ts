// Certificates as OpenSSL sees them, keys, credentials and tokens.

import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  certifyCaller,
  certifyServer,
  openAuthority,
  readAuthority,
  toKeyPem,
} from '../../src/pki/authority.ts';
import { createCertificate } from '../../src/pki/certificate.ts';
import {
  isDueForRenewal,
  readCredential,
  toCredential,
  writeCredential,
} from '../../src/pki/credential.ts';
import { findCredential, keepCredential } from '../../src/pki/credential-folder.ts';
import { integer, oid, text, time } from '../../src/pki/der.ts';
import { identityOf, isIdentityName } from '../../src/pki/identity.ts';
import { checkKeyRequest, createKeyPair, requestFor } from '../../src/pki/key-request.ts';
import { temporaryFolder } from '../support/folder.ts';

const NOW_MS = Date.parse('2030-06-01T12:00:00Z');
const DAY_MS = 24 * 3600 * 1000;
const ONE = { kind: 'agent', id: 'one' } as const;

function newAuthority() {
  return openAuthority(join(temporaryFolder(), 'authority.pem'), NOW_MS);
}

function newCredential(id = 'one') {
  const authority = newAuthority();
  const keys = createKeyPair();
  const certificate = certifyCaller(authority, { kind: 'agent', id }, keys.publicKey, NOW_MS);
  return toCredential(toKeyPem(keys), certificate, authority.certificate);
}

describe('DER', () => {
  test.each([
    ['0', integer(Buffer.from([0, 0])), '020100'],
    ['127', integer(Buffer.from([0x7f])), '02017f'],
    ['128, which is not negative', integer(Buffer.from([0x80])), '02020080'],
    ['an identifier with parts above 127', oid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    [
      'a time before 2050',
      time(Date.parse('2049-12-31T23:59:59Z')),
      '170d3439313233313233353935395a',
    ],
    [
      'a time from 2050',
      time(Date.parse('2050-01-01T00:00:00Z')),
      '180f32303530303130313030303030305a',
    ],
  ])('encodes %s', (_, der, hex) => expect(der.toString('hex')).toBe(hex));

  test.each([
    [127, '0c7f'],
    [128, '0c8180'],
    [255, '0c81ff'],
    [256, '0c820100'],
  ])('a length of %i begins with %s', (length, start) =>
    expect(text('x'.repeat(length)).toString('hex').startsWith(`${start}78`)).toBe(true),
  );
});

describe('certificates', () => {
  test('are of the authority, for their time, and say who it is', () => {
    const authority = newAuthority();
    const issuer = new X509Certificate(authority.certificate);
    const { publicKey } = createKeyPair();
    const found = new X509Certificate(certifyCaller(authority, ONE, publicKey, NOW_MS));
    expect(found.verify(issuer.publicKey)).toBe(true);
    expect(found.checkIssued(issuer)).toBe(true);
    expect(found.ca).toBe(false);
    expect(identityOf(found)).toEqual(ONE);
    expect(Date.parse(found.validTo)).toBe(NOW_MS + 30 * DAY_MS);
  });

  test('an id that is written like several names stays one', () => {
    const authority = newAuthority();
    const id = 'a, URI:espalier://operator/root';
    const { publicKey } = createKeyPair();
    const pem = certifyCaller(authority, { kind: 'agent', id }, publicKey, NOW_MS);
    expect(identityOf(new X509Certificate(pem))).toEqual({ kind: 'agent', id });
    expect(isIdentityName(id)).toBe(false);
  });

  test('OpenSSL takes each for its purpose and for no other', (context) => {
    if (!hasOpenssl()) return context.skip('there is no openssl command');
    const folder = temporaryFolder();
    const authority = newAuthority();
    const { publicKey } = createKeyPair();
    const files = {
      authority: authority.certificate,
      serve: certifyServer(authority, publicKey, NOW_MS),
      call: certifyCaller(authority, ONE, publicKey, NOW_MS),
      // A leaf that plays the authority.
      below: createCertificate(
        {
          purpose: 'call',
          commonName: 'x',
          uri: 'espalier://operator/x',
          publicKey,
          fromMs: NOW_MS,
          untilMs: NOW_MS + DAY_MS,
        },
        { commonName: 'agent one', ...createKeyPair() },
      ),
    };
    for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem);
    const verdicts = ['serve', 'call', 'below'].map((name) =>
      ['sslserver', 'sslclient'].map((purpose) => isTakenFor(folder, name, purpose)),
    );
    expect(verdicts).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function isTakenFor(folder: string, name: string, purpose: string): boolean {
  const at = String(Math.floor(NOW_MS / 1000) + 60);
  const flags = ['-x509_strict', '-attime', at, '-purpose', purpose, '-CAfile'];
  try {
    const files = [join(folder, 'authority'), join(folder, name)];
    execFileSync('openssl', ['verify', ...flags, ...files], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a request for a certificate', () => {
  test('is for the key that has signed it', () => {
    const keys = createKeyPair();
    expect(checkKeyRequest(requestFor(keys)).equals(keys.publicKey)).toBe(true);
  });

  const stranger = requestFor(createKeyPair());
  const own = requestFor(createKeyPair());
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const rsaKey = rsa.publicKey.export({ type: 'spki', format: 'der' });
  test.each([
    ['for a key that somebody else has', { ...own, publicKey: stranger.publicKey }],
    ['with a proof of nothing', { ...own, proof: Buffer.alloc(0) }],
    ['for no key', { ...own, publicKey: Buffer.from('x') }],
    ['for a key that is too long', { ...own, publicKey: Buffer.alloc(100_000) }],
    [
      'for a key of another kind',
      { publicKey: rsaKey, proof: sign('sha256', rsaKey, rsa.privateKey) },
    ],
  ])('%s is refused', (_, request) =>
    expect(() => checkKeyRequest(request)).toThrow(/key to be certified/),
  );
});

describe('a credential', () => {
  test('comes back from its file as it was, which is its owner’s alone', () => {
    const folder = join(temporaryFolder(), 'deep');
    const credential = newCredential();
    const path = keepCredential(folder, 'Head:7700', credential);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(findCredential(folder, 'head:7700')).toEqual(credential);
    expect(findCredential(folder, 'head:7701')).toBeUndefined();
    expect(existsSync(`${path}.${process.pid}.new`)).toBe(false);
  });

  test('for another address stays inside its folder', () => {
    const folder = temporaryFolder();
    const path = keepCredential(folder, '../../x:1', newCredential());
    expect(path.startsWith(`${folder}/`)).toBe(true);
    expect(path.slice(folder.length + 1)).not.toContain('/');
  });

  test('is not made of parts of two', () => {
    const [one, two] = [newCredential(), newCredential()];
    expect(() => toCredential(one.key, two.certificate, two.authority)).toThrow('belong together');
  });

  test('whose file was cut is called damaged', () => {
    const path = join(temporaryFolder(), 'x.pem');
    const credential = newCredential();
    writeCredential(path, credential);
    writeFileSync(path, credential.key);
    expect(() => readCredential(path)).toThrow(/is damaged.*join again/);
  });

  test('is renewed once two thirds of its life are over', () => {
    const credential = newCredential();
    expect(isDueForRenewal(credential, NOW_MS + 19 * DAY_MS)).toBe(false);
    expect(isDueForRenewal(credential, NOW_MS + 21 * DAY_MS)).toBe(true);
  });
});

test('an authority whose file is damaged is not made anew', () => {
  const path = join(temporaryFolder(), 'authority.pem');
  openAuthority(path, NOW_MS);
  writeFileSync(path, 'x');
  expect(() => openAuthority(path, NOW_MS)).toThrow(/is damaged/);
  expect(() => readAuthority(path)).toThrow(/is damaged/);
});

test('the public key of an authority is the one that it signs with', () => {
  const { issuer, certificate } = newAuthority();
  expect(
    createPublicKey(issuer.privateKey).equals(new X509Certificate(certificate).publicKey),
  ).toBe(true);
});
