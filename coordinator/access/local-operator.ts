// Commands on the coordinator's own machine: whoever reads its folder is an operator.

import type { Authority } from '../../src/pki/authority.ts';
import { certifyCaller } from '../../src/pki/authority.ts';
import {
  isDueForRenewal,
  readCredential,
  toCredential,
  writeCredential,
} from '../../src/pki/credential.ts';
import { X509Certificate } from 'node:crypto';
import { toFingerprint } from '../../src/pki/fingerprint.ts';
import { createKeyPair, toKeyPem } from '../../src/pki/key-pair.ts';
import type { Ledger } from './ledger.ts';

const LOCAL = { kind: 'operator', id: 'local', name: 'local' } as const;

/** Sees to it that the credential of `path` is one that the ledger knows and that lasts for a while yet. */
export async function keepLocalOperator(
  path: string,
  authority: Authority,
  ledger: Ledger,
  nowMs: number,
): Promise<void> {
  if (isGood(path, authority, ledger, nowMs)) return;
  const keys = createKeyPair();
  const pem = await certifyCaller(authority, LOCAL, keys.publicKey, nowMs);
  const credential = toCredential(toKeyPem(keys), pem, authority.certificate);
  const fingerprint = toFingerprint(new X509Certificate(pem));
  const certificate = { fingerprint, untilMs: credential.untilMs };
  const known = ledger.member(LOCAL);
  if (known === undefined) ledger.enroll(LOCAL, certificate, nowMs);
  else ledger.renew(known, certificate, nowMs);
  writeCredential(path, credential);
}

function isGood(path: string, authority: Authority, ledger: Ledger, nowMs: number): boolean {
  try {
    const credential = readCredential(path);
    if (credential === undefined || isDueForRenewal(credential, nowMs)) return false;
    if (credential.authority !== authority.certificate) return false;
    return ledger.find(toFingerprint(new X509Certificate(credential.certificate))) !== undefined;
  } catch {
    return false;
  }
}
