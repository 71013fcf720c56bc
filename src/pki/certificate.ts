// Makes X.509 certificates (RFC 5280) with keys on the curve P-256 and signatures by ECDSA with SHA-256.
// Promise: a certificate is good for one purpose: to certify, to serve, or to call; none of them for another's.

import type { KeyObject } from 'node:crypto';
import { createHash, randomBytes, sign } from 'node:crypto';
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  octets,
  oid,
  sequence,
  setOf,
  text,
  time,
} from './der.ts';

/** What a certificate is good for. */
export type Purpose = 'certify' | 'serve' | 'call';

/** What is certified of a public key. Times are milliseconds since 1970. */
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

/** Who signs: for a certificate of its own, the name and key of the claim itself. */
export type Issuer = {
  readonly commonName: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const SERIAL_BYTES = 16;

const EXTENSION = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  names: '2.5.29.17',
  constraints: '2.5.29.19',
  issuerKey: '2.5.29.35',
  purposes: '2.5.29.37',
} as const;

const PURPOSE_OID = { serve: '1.3.6.1.5.5.7.3.1', call: '1.3.6.1.5.5.7.3.2' } as const;

/** The certificate in PEM. */
export function createCertificate(claim: Claim, issuer: Issuer): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(SERIAL_BYTES)),
    ECDSA_SHA256,
    toName(issuer.commonName),
    sequence(time(claim.fromMs), time(claim.untilMs)),
    toName(claim.commonName),
    toDer(claim.publicKey),
    explicit(3, sequence(...toExtensions(claim, issuer))),
  );
  const signature = sign('sha256', body, issuer.privateKey);
  return toPem('CERTIFICATE', sequence(body, ECDSA_SHA256, bits(signature)));
}

/** A public key as SubjectPublicKeyInfo. */
export function toDer(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function toName(commonName: string): Buffer {
  return sequence(setOf(sequence(oid('2.5.4.3'), text(commonName))));
}

function toExtensions(claim: Claim, issuer: Issuer): readonly Buffer[] {
  return [
    ...toPurpose(claim.purpose),
    extension(EXTENSION.subjectKey, octets(toKeyId(claim.publicKey))),
    extension(EXTENSION.issuerKey, sequence(implicit(0, toKeyId(issuer.publicKey)))),
    extension(EXTENSION.names, sequence(...toAlternativeNames(claim))),
  ];
}

function toPurpose(purpose: Purpose): readonly Buffer[] {
  if (purpose === 'certify') {
    return [
      extension(
        EXTENSION.constraints,
        sequence(boolean(true), integer(Buffer.from([0]))),
        'critical',
      ),
      // keyCertSign and cRLSign: the sixth and seventh of the bits.
      extension(EXTENSION.keyUsage, bits(Buffer.from([0b0000_0110]), 1), 'critical'),
    ];
  }
  return [
    extension(EXTENSION.constraints, sequence(), 'critical'),
    // digitalSignature: the first of the bits.
    extension(EXTENSION.keyUsage, bits(Buffer.from([0b1000_0000]), 7), 'critical'),
    extension(EXTENSION.purposes, sequence(oid(PURPOSE_OID[purpose]))),
  ];
}

function toAlternativeNames({ uri, dnsNames = [] }: Claim): readonly Buffer[] {
  return [
    implicit(6, Buffer.from(uri)),
    ...dnsNames.map((dnsName) => implicit(2, Buffer.from(dnsName))),
  ];
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  const mark = critical === undefined ? [] : [boolean(true)];
  return sequence(oid(id), ...mark, octets(value));
}

/** Tells the keys of issuers apart; RFC 5280 leaves the method open. */
function toKeyId(publicKey: KeyObject): Buffer {
  return createHash('sha256').update(toDer(publicKey)).digest().subarray(0, 20);
}
