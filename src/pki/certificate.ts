// Makes X.509 certificates (RFC 5280) with keys on the curve P-256 and signatures by ECDSA with SHA-256.
// Promise: a certificate is good for one purpose: to certify, to serve, or to call; none of them for another's.

import type { KeyObject } from 'node:crypto';
import { SIGNING, toDer, toSigningKey } from './key-pair.ts';
import type { Extension, Name } from './x509.ts';
import type * as Library from './x509.ts';

/** What a certificate is good for. */
export type Purpose = 'certify' | 'serve' | 'call';

/** What is certified of a public key. Times are milliseconds since 1970, of which seconds are kept. */
export type Claim = {
  readonly purpose: Purpose;
  /** For people. */
  readonly commonName: string;
  /** Who it is, such as `espalier://agent/…`. */
  readonly uri: string;
  /** Names of the server that other programs may look for. */
  readonly dnsNames?: readonly string[];
  readonly publicKey: KeyObject;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Who signs. */
export type Issuer = {
  readonly privateKey: KeyObject;
  /** PEM; left out by an authority that signs the certificate of its own key. */
  readonly certificate?: string;
};

/** The certificate in PEM. */
export async function createCertificate(claim: Claim, issuer: Issuer): Promise<string> {
  const library = await import('./x509.ts');
  // As text of UTF-8, in which nothing stands for anything else.
  const subject = new library.Name([{ CN: [{ utf8String: claim.commonName }] }]);
  const ownKeyId = await toKeyId(library, claim.publicKey);
  const signer = readSigner(library, issuer) ?? { name: subject, keyId: ownKeyId };
  const certificate = await library.X509CertificateGenerator.create({
    subject,
    issuer: signer.name,
    notBefore: toSecond(claim.fromMs),
    notAfter: toSecond(claim.untilMs),
    publicKey: toDer(claim.publicKey),
    signingKey: await toSigningKey(issuer.privateKey),
    signingAlgorithm: SIGNING,
    extensions: [
      ...toPurpose(library, claim.purpose),
      new library.SubjectKeyIdentifierExtension(ownKeyId),
      new library.AuthorityKeyIdentifierExtension(signer.keyId),
      new library.SubjectAlternativeNameExtension(toNames(claim)),
    ],
  });
  return `${certificate.toString('pem').trim()}\n`;
}

type Signer = { readonly name: Name; readonly keyId: string };

/** Name and key id as the issuer's own certificate has them, whoever made that: a chain is found by both. */
function readSigner(library: typeof Library, { certificate }: Issuer): Signer | undefined {
  if (certificate === undefined) return undefined;
  const read = new library.X509Certificate(certificate);
  const keyId = read.getExtension(library.SubjectKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) throw new Error("an issuer's certificate has no key id");
  return { name: read.subjectName, keyId };
}

/** Hexadecimal SHA-1 of the key: RFC 5280, 4.2.1.2, method 1. It tells keys apart and proves nothing. */
async function toKeyId(library: typeof Library, publicKey: KeyObject): Promise<string> {
  return (await library.SubjectKeyIdentifierExtension.create(toDer(publicKey))).keyId;
}

function toPurpose(library: typeof Library, purpose: Purpose): readonly Extension[] {
  const { BasicConstraintsExtension, ExtendedKeyUsage, KeyUsageFlags, KeyUsagesExtension } =
    library;
  if (purpose === 'certify') {
    // It certifies callers and servers, and no authority.
    return [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ];
  }
  const use = { serve: ExtendedKeyUsage.serverAuth, call: ExtendedKeyUsage.clientAuth }[purpose];
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new library.ExtendedKeyUsageExtension([use]),
  ];
}

type AlternativeName = { readonly type: 'url' | 'dns'; readonly value: string };

function toNames({ uri, dnsNames = [] }: Claim): AlternativeName[] {
  return [
    { type: 'url', value: uri },
    ...dnsNames.map((value) => ({ type: 'dns', value }) as const),
  ];
}

function toSecond(ms: number): Date {
  return new Date(Math.floor(ms / 1000) * 1000);
}
