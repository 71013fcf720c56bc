// A request for a certificate: a public key, and the proof that whoever asks has the private one.
// It is what PKCS #10 is for, without its ASN.1: OpenSSL reads the key, and nothing else has to be taken apart.

import type { KeyObject } from 'node:crypto';
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { EspalierError } from '../domain/errors.ts';
import { toDer } from './certificate.ts';

/** A key on P-256 and its public half. */
export type KeyPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** What is sent. */
export type KeyRequest = {
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Buffer;
  /** ECDSA with SHA-256 over the key. */
  readonly proof: Buffer;
};

/** A P-256 key takes 91 bytes. */
const KEY_MOST_BYTES = 256;

/** A new key. */
export function createKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Asks that this key be certified. */
export function requestFor({ privateKey, publicKey }: KeyPair): KeyRequest {
  const key = toDer(publicKey);
  return { publicKey: key, proof: sign('sha256', toStatement(key), privateKey) };
}

/** The key that is asked for. @throws EspalierError `invalid` unless it is a P-256 key that the caller has */
export function checkKeyRequest({ publicKey, proof }: KeyRequest): KeyObject {
  const key = publicKey.byteLength > KEY_MOST_BYTES ? undefined : parseKey(publicKey);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new EspalierError('invalid', 'the key to be certified is no public key on P-256');
  if (!verify('sha256', toStatement(publicKey), key, proof))
    throw new EspalierError('invalid', 'the key to be certified is not the one that has signed');
  return key;
}

function parseKey(der: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}

function toStatement(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from('espalier: certify this key\n'), key]);
}
