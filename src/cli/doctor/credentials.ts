// Certificates of this host that are shown to coordinators: whose, until when, and who can read their keys.

import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { listCredentials } from '../../pki/credential-folder.ts';
import type { Credential } from '../../pki/credential.ts';
import { readCredential, toRenewalMs } from '../../pki/credential.ts';
import type { Finding } from './finding.ts';
import { toDay, toEnd } from './finding.ts';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/** What is found about the credentials of a folder. @param whose what they are called: `login` or `agent` */
export function checkCredentials(
  folder: string,
  whose: 'login' | 'agent',
  nowMs: number,
): readonly Finding[] {
  return listCredentials(folder).map((path) =>
    checkCredential(path, `${whose} ${toAddress(path)}`, nowMs),
  );
}

/**
 * What is found about one file with a credential.
 * @param remake what to do about one that has ended or cannot be read, unless that follows from its kind
 */
export function checkCredential(
  path: string,
  what: string,
  nowMs: number,
  remake?: string,
): Finding {
  const rest = { what, isNeeded: false };
  try {
    const credential = readCredential(path);
    if (credential === undefined) return { ...rest, present: false, detail: `no ${path}` };
    const { untilMs } = credential;
    const { daysLeft } = toEnd(untilMs, nowMs);
    const times = { untilMs, renewMs: toRenewalMs(credential), daysLeft };
    const detail = `${credential.kind} ${credential.id}, ${toTimes(credential, nowMs)}`;
    const remedy = toRemedy(path, credential, nowMs, remake);
    return { ...rest, present: remedy === undefined, detail, ...times, ...remedy };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...rest, present: false, detail, remedy: remake ?? 'remove it and join again' };
  }
}

/** What to do about a file that others can read; nothing if nobody else can. */
export function findOpenRights(path: string, words: string): { readonly remedy?: string } {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) === 0) return {};
  const own = (mode & ~OTHERS).toString(8);
  return {
    remedy: `others can open ${path} (${mode.toString(8)}): chmod ${own} ${path}; ${words}`,
  };
}

function toTimes({ fromMs, untilMs }: Credential, nowMs: number): string {
  const { words } = toEnd(untilMs, nowMs);
  if (untilMs <= nowMs) return words;
  if (fromMs > nowMs) return `not valid before ${toDay(fromMs)}`;
  const renewMs = toRenewalMs({ fromMs, untilMs });
  return `${words}, ${renewMs > nowMs ? `renewed ${toDay(renewMs)}` : 'due for renewal'}`;
}

function toRemedy(
  path: string,
  { kind, id, fromMs, untilMs }: Credential,
  nowMs: number,
  remake: string | undefined,
): { readonly remedy: string } | undefined {
  const again = `"espalier token create${kind === 'agent' ? '' : ` --kind ${kind}`}" on the coordinator's host prints the line that lets ${kind} ${id} in again`;
  if (untilMs <= nowMs) return { remedy: remake ?? again };
  if (fromMs > nowMs) return { remedy: 'the clock of this machine is behind: set it' };
  const words = `if anybody has read the key, "espalier revoke ${id}" shuts it out`;
  const { remedy } = findOpenRights(path, words);
  return remedy === undefined ? undefined : { remedy };
}

/** The address that the credential in a file is for. */
export function toAddress(path: string): string {
  return decodeURIComponent(basename(path, '.pem'));
}
