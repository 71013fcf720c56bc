// A coordinator's own certificate authority. It certifies this coordinator, and whoever it lets in.
// Promise: made once; its key leaves the folder at no time.

import type { KeyObject } from 'node:crypto';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { EspalierError } from '../domain/errors.ts';
import type { Issuer } from './certificate.ts';
import { createCertificate } from './certificate.ts';
import { toFingerprint } from './fingerprint.ts';
import type { Identity } from './identity.ts';
import { AUTHORITY_URI, COORDINATOR_URI, toUri } from './identity.ts';
import { createKeyPair, toKeyPem } from './key-pair.ts';
import { writePrivateFile } from './private-file.ts';

const DAY_MS = 24 * 3600 * 1000;
/** Clocks of other machines may be behind this one's. */
const SKEW_MS = DAY_MS / 24;
const COMMON_NAME = 'Espalier authority';

/** How long certificates last. */
export const LIFE_MS = { authority: 3650 * DAY_MS, server: 90 * DAY_MS, client: 30 * DAY_MS };

/** An authority. */
export type Authority = {
  /** Its own certificate, PEM. */
  readonly certificate: string;
  /** SHA-256 of it, hexadecimal. */
  readonly fingerprint: string;
  readonly issuer: Required<Issuer>;
};

/** The authority of `path`, made where it is missing. @throws EspalierError `storage` for a file that is damaged */
export async function openAuthority(path: string, nowMs: number): Promise<Authority> {
  return readAuthority(path) ?? (await createAuthority(path, nowMs));
}

/** The authority of `path`; undefined where there is none. */
export function readAuthority(path: string): Authority | undefined {
  try {
    return toAuthority(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new EspalierError(
      'storage',
      `${path} is damaged: restore it from a copy, or remove it and let everybody join anew`,
      { cause: error },
    );
  }
}

/** Certifies a caller. */
export function certifyCaller(
  { issuer }: Authority,
  identity: Identity,
  publicKey: KeyObject,
  nowMs: number,
): Promise<string> {
  const uri = toUri(identity);
  const commonName = `${identity.kind} ${identity.id}`.slice(0, 64);
  const untilMs = nowMs + LIFE_MS.client;
  return createCertificate(
    { purpose: 'call', commonName, uri, publicKey, fromMs: nowMs - SKEW_MS, untilMs },
    issuer,
  );
}

/** Certifies this coordinator. Espalier's own clients know it by the authority and its URI, whatever name they reach it by. */
export function certifyServer(
  { issuer }: Authority,
  publicKey: KeyObject,
  nowMs: number,
): Promise<string> {
  const dnsNames = ['espalier', 'localhost', hostname()].filter((name) => /^[\w.-]+$/.test(name));
  return createCertificate(
    {
      purpose: 'serve',
      commonName: 'Espalier coordinator',
      uri: COORDINATOR_URI,
      dnsNames: [...new Set(dnsNames)],
      publicKey,
      fromMs: nowMs - SKEW_MS,
      untilMs: nowMs + LIFE_MS.server,
    },
    issuer,
  );
}

async function createAuthority(path: string, nowMs: number): Promise<Authority> {
  const keys = createKeyPair();
  const certificate = await createCertificate(
    {
      purpose: 'certify',
      commonName: COMMON_NAME,
      uri: AUTHORITY_URI,
      publicKey: keys.publicKey,
      fromMs: nowMs - DAY_MS,
      untilMs: nowMs + LIFE_MS.authority,
    },
    keys,
  );
  const text = `${toKeyPem(keys)}${certificate}`;
  writePrivateFile(path, text);
  return toAuthority(text);
}

function toAuthority(text: string): Authority {
  const certificate = text.slice(text.indexOf('-----BEGIN CERTIFICATE-----'));
  const fingerprint = toFingerprint(new X509Certificate(certificate));
  return { certificate, fingerprint, issuer: { certificate, privateKey: createPrivateKey(text) } };
}
