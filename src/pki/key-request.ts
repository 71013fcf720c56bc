// A request for a certificate (PKCS #10): a public key, whom it is for, and the proof that whoever asks has the private one.
// Promise: whoever asks for somebody else, or with a key that is another's, is refused; whatever else a request wishes for
// counts for nothing.

import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { EspalierError } from '../domain/errors.ts';
import type { Identity } from './identity.ts';
import { toUri } from './identity.ts';
import type { KeyPair } from './key-pair.ts';
import { SIGNING, toSigningKey, toVerifyingKey } from './key-pair.ts';
import type { Pkcs10CertificateRequest } from './x509.ts';
import type * as Library from './x509.ts';

/** A request takes about 300 bytes. */
const REQUEST_MOST_BYTES = 2048;

/**
 * Asks, in DER, that this key be certified.
 * @param identity whom it is for; undefined for somebody whose token says that
 */
export async function requestFor(keys: KeyPair, identity: Identity | undefined): Promise<Buffer> {
  const { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } =
    await import('./x509.ts');
  const names = identity === undefined ? [] : [{ type: 'url', value: toUri(identity) } as const];
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: {
      privateKey: await toSigningKey(keys.privateKey),
      publicKey: await toVerifyingKey(keys.publicKey),
    },
    signingAlgorithm: SIGNING,
    extensions: names.length === 0 ? [] : [new SubjectAlternativeNameExtension(names)],
  });
  return Buffer.from(request.rawData);
}

/**
 * The key that is asked for on behalf of `identity`.
 * @throws EspalierError `invalid` unless it is a P-256 key that the caller has, `forbidden` where it is asked for somebody else
 */
export async function checkKeyRequest(der: Uint8Array, identity: Identity): Promise<KeyObject> {
  const library = await import('./x509.ts');
  const request = der.byteLength > REQUEST_MOST_BYTES ? undefined : parse(library, der);
  const key = request && parseKey(request);
  if (request === undefined || key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new EspalierError(
      'invalid',
      'the request for a certificate has no public key on P-256 that could be read: install the same release of Espalier on both sides',
    );
  if (!(await isSigned(request)))
    throw new EspalierError('invalid', 'the key to be certified is not the one that has signed');
  assertFor(identity, wishesOf(library, request));
  return key;
}

function assertFor(identity: Identity, wishes: readonly string[]): void {
  const other = wishes.find((wish) => wish !== toUri(identity));
  if (other === undefined) return;
  throw new EspalierError(
    'forbidden',
    `the request for a certificate is for ${JSON.stringify(other.slice(0, 200))}, and whoever asks is let in as ${toUri(identity)}`,
  );
}

function parse(library: typeof Library, der: Uint8Array): Pkcs10CertificateRequest | undefined {
  try {
    return new library.Pkcs10CertificateRequest(Buffer.from(der));
  } catch {
    return undefined;
  }
}

/** Its key, as OpenSSL reads it. */
function parseKey(request: Pkcs10CertificateRequest): KeyObject | undefined {
  try {
    const key = Buffer.from(request.publicKey.rawData);
    return createPublicKey({ key, type: 'spki', format: 'der' });
  } catch {
    return undefined;
  }
}

async function isSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}

/** Whom it says that it is for: none or one, if it is ours. */
function wishesOf(library: typeof Library, request: Pkcs10CertificateRequest): readonly string[] {
  try {
    return request.extensions
      .filter((extension) => extension instanceof library.SubjectAlternativeNameExtension)
      .flatMap((extension) => extension.names.items.map(({ value }) => value));
  } catch {
    return ['something that cannot be read'];
  }
}
