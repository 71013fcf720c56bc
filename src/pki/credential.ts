// What somebody shows to a coordinator: a private key, its certificate, and the authority by which the coordinator is known.
// It is one file, so that its parts cannot come apart.

import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EspalierError } from '../domain/errors.ts';
import type { Identity } from './identity.ts';
import { identityOf } from './identity.ts';
import { writePrivateFile } from './private-file.ts';

/** A credential. Times are milliseconds since 1970. */
export type Credential = Identity & {
  /** PEM. */
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
  readonly fromMs: number;
  readonly untilMs: number;
};

/** Share of a certificate's life after which it is renewed. */
const RENEW_AFTER = 2 / 3;

/** A credential from its parts in PEM. @throws EspalierError `storage` if they do not belong together */
export function toCredential(key: string, certificate: string, authority: string): Credential {
  const parsed = parse(() => new X509Certificate(certificate));
  const identity = parsed && identityOf(parsed);
  const isOwn = parsed && parse(() => parsed.checkPrivateKey(createPrivateKey(key))) === true;
  if (parsed === undefined || identity === undefined || isOwn !== true)
    throw new EspalierError('storage', 'a certificate and its key do not belong together');
  const [fromMs, untilMs] = [Date.parse(parsed.validFrom), Date.parse(parsed.validTo)];
  return { ...identity, key, certificate, authority, fromMs, untilMs };
}

/** Reads a credential; undefined where there is none. @throws EspalierError `storage` for a file that is not whole */
export function readCredential(path: string): Credential | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const [key, certificate, authority] =
    text.match(/-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n/g) ?? [];
  if (key === undefined || certificate === undefined || authority === undefined)
    throw new EspalierError('storage', `${path} is damaged: remove it and join again`);
  return toCredential(key, certificate, authority);
}

/** Keeps a credential where only the owner of the file reads it. */
export function writeCredential(path: string, credential: Credential): void {
  const { key, certificate, authority } = credential;
  writePrivateFile(path, `${key}${certificate}${authority}`);
}

/** Whether a third of its life is left, or less. */
export function isDueForRenewal(credential: Credential, nowMs: number): boolean {
  return nowMs >= toRenewalMs(credential);
}

/** When it is due for renewal: milliseconds since 1970. */
export function toRenewalMs({ fromMs, untilMs }: Pick<Credential, 'fromMs' | 'untilMs'>): number {
  return fromMs + (untilMs - fromMs) * RENEW_AFTER;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new EspalierError('storage', `cannot read ${path}: ${String(error)}`, { cause: error });
  }
}

function parse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
