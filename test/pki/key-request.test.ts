// Requests for certificates: whose key it is, whom it is for, and what else somebody may put into one.

import { generateKeyPairSync, KeyObject, webcrypto } from 'node:crypto';
import { expect, test } from 'vitest';
import { EspalierError } from '../../src/domain/errors.ts';
import type { KeyPair } from '../../src/pki/key-pair.ts';
import { createKeyPair, SIGNING, toSigningKey, toVerifyingKey } from '../../src/pki/key-pair.ts';
import { checkKeyRequest, requestFor } from '../../src/pki/key-request.ts';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from '../../src/pki/x509.ts';

const ADA = { kind: 'operator', id: 'ada' } as const;

type AlternativeNames = ConstructorParameters<typeof SubjectAlternativeNameExtension>[0];

/** A request that is signed as it should be, with these names, and with a wish to be an authority. */
async function requestWith(keys: KeyPair, names: AlternativeNames): Promise<Buffer> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: {
      privateKey: await toSigningKey(keys.privateKey),
      publicKey: await toVerifyingKey(keys.publicKey),
    },
    name: 'CN=operator root',
    signingAlgorithm: SIGNING,
    extensions: [
      new SubjectAlternativeNameExtension(names),
      new BasicConstraintsExtension(true, undefined, true),
    ],
  });
  return Buffer.from(request.rawData);
}

test.each([
  ['says whom it is for', ADA],
  ['leaves that to its token', undefined],
])('a request that %s is for the key that has signed it', async (_, identity) => {
  const keys = createKeyPair();
  const key = await checkKeyRequest(await requestFor(keys, identity), ADA);
  expect(key.equals(keys.publicKey)).toBe(true);
});

test('a request whose signature is not of its key is refused', async () => {
  const [own, stranger] = [createKeyPair(), createKeyPair()];
  const { privateKey } = own;
  const request = await requestFor({ privateKey, publicKey: stranger.publicKey }, ADA);
  await expect(checkKeyRequest(request, ADA)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('not the one that has signed') as string,
  });
});

test('a request of which any one byte was changed is for no other key, name or kind', async () => {
  const keys = createKeyPair();
  const request = await requestFor(keys, ADA);
  const taken: number[] = [];
  for (let at = 0; at < request.byteLength; at += 1) {
    const bent = Buffer.from(request);
    bent[at] = (bent[at] ?? 0) ^ 0x04;
    const outcome = await checkKeyRequest(bent, ADA).catch((error: unknown) => error);
    // A length that nobody needs may be wrong.
    const isSame = outcome instanceof KeyObject && outcome.equals(keys.publicKey);
    expect(isSame || outcome instanceof EspalierError, `byte ${at}: ${String(outcome)}`).toBe(true);
    if (isSame) taken.push(at);
  }
  expect(taken.length).toBeLessThan(request.byteLength / 20);
});

test.each<readonly [string, AlternativeNames]>([
  ['another kind', [{ type: 'url', value: 'espalier://reader/ada' }]],
  ['another name', [{ type: 'url', value: 'espalier://operator/root' }]],
  ['a name of another sort', [{ type: 'dns', value: 'espalier' }]],
  [
    'itself and somebody else',
    [
      { type: 'url', value: 'espalier://operator/ada' },
      { type: 'url', value: 'espalier://coordinator' },
    ],
  ],
])('a request for %s is refused', async (_, names) => {
  const request = await requestWith(createKeyPair(), names);
  await expect(checkKeyRequest(request, ADA)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('is let in as espalier://operator/ada') as string,
  });
});

test('whatever else a request wishes for counts for nothing', async () => {
  const keys = createKeyPair();
  const request = await requestWith(keys, [{ type: 'url', value: 'espalier://operator/ada' }]);
  expect((await checkKeyRequest(request, ADA)).equals(keys.publicKey)).toBe(true);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['no request', Buffer.from('x')],
  ['what is too long', Buffer.alloc(100_000, 0x30)],
  ['sequences in sequences', Buffer.alloc(2_000, 0x30)],
])('%s is refused as one that cannot be read', async (_, der) => {
  await expect(checkKeyRequest(der, ADA)).rejects.toMatchObject({ code: 'invalid' });
});

test.each([
  ['RSA', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, rsaKeys],
  ['P-384', SIGNING, p384Keys],
])('a key of another kind, %s, is refused', async (_, signingAlgorithm, make) => {
  const keys = await make();
  const request = await Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm });
  await expect(checkKeyRequest(Buffer.from(request.rawData), ADA)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('no public key on P-256') as string,
  });
});

async function rsaKeys(): Promise<webcrypto.CryptoKeyPair> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const { subtle } = webcrypto;
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
    publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
  };
}

function p384Keys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign']);
}
