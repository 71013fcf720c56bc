// Commands on the coordinator's own machine: whoever reads its folder is an operator.

import type { Authority } from '../../src/pki/authority.ts';
import { certifyCaller, toKeyPem } from '../../src/pki/authority.ts';
import {
  isDueForRenewal,
  readCredential,
  toCredential,
  writeCredential,
} from '../../src/pki/credential.ts';
import { X509Certificate } from 'node:crypto';
import { toFingerprint } from '../../src/pki/fingerprint.ts';
import { createKeyPair } from '../../src/pki/key-request.ts';
import type { Ledger } from './ledger.ts';

const LOCAL = { kind: 'operator', id: 'local', name: 'local' } as const;

/** Sees to it that the credential of `path` is one that the ledger knows and that lasts for a while yet. */
export function keepLocalOperator(
  path: string,
  authority: Authority,
  ledger: Ledger,
  nowMs: number,
): void {
  if (isGood(path, authority, ledger, nowMs)) return;
  const keys = createKeyPair();
  const pem = certifyCaller(authority, LOCAL, keys.publicKey, nowMs);
  const credential = toCredential(toKeyPem(keys), pem, authority.certificate);
  const fingerprint = toFingerprint(new X509Certificate(pem));
  const certificate = { fingerprint, untilMs: credential.untilMs };
  if (ledger.member(LOCAL) === undefined) ledger.enroll(LOCAL, certificate, nowMs);
  else ledger.renew(LOCAL, certificate, nowMs);
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
