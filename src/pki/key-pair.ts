// Keys on the curve P-256, and the forms in which they are kept and handed on.

import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, webcrypto } from 'node:crypto';

/** A key on P-256 and its public half. */
export type KeyPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** What signs, and how: ECDSA with SHA-256. */
export const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A new key. */
export function createKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** A public key as SubjectPublicKeyInfo. */
export function toDer(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** A private key in PEM. */
export function toKeyPem({ privateKey }: Pick<KeyPair, 'privateKey'>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** A private key as WebCrypto signs with it. */
export function toSigningKey(privateKey: KeyObject): Promise<webcrypto.CryptoKey> {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, CURVE, false, ['sign']);
}

/** A public key as WebCrypto takes it. */
export function toVerifyingKey(publicKey: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', toDer(publicKey), CURVE, true, ['verify']);
}
