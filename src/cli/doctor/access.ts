// What a coordinator's state folder has to do with who is let in: its authority, what commands on its host show, the certificate
// that it shows itself, and who can read all that.

import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LIFE_MS, readAuthority } from '../../pki/authority.ts';
import { readCoordinator, statePaths } from '../../storage/state-folder.ts';
import { checkCredential, findOpenRights } from './credentials.ts';
import type { Finding } from './finding.ts';
import { toDay, toEnd } from './finding.ts';

/** Patience with a coordinator. */
const ANSWER_MS = 3_000;

/** The findings of a folder; none for one whose coordinator lets in everybody, or that is none. */
export async function checkAccess(state: string, nowMs: number): Promise<readonly Finding[]> {
  const paths = statePaths(state);
  if (!existsSync(paths.authority)) return [];
  const remake = `start the coordinator of ${state}: it makes another`;
  return [
    checkAuthority(paths.authority, nowMs),
    checkRights([dirname(paths.authority), paths.authority, paths.ledger]),
    checkCredential(paths.local, "commands on this coordinator's host", nowMs, remake),
    await checkOwn(state, nowMs),
  ];
}

function checkAuthority(path: string, nowMs: number): Finding {
  const rest = { what: 'authority', isNeeded: false };
  try {
    const authority = readAuthority(path);
    if (authority === undefined) return { ...rest, present: false, detail: `no ${path}` };
    const { validTo, publicKey } = new X509Certificate(authority.certificate);
    const untilMs = Date.parse(validTo);
    const isLasting = untilMs > nowMs + LIFE_MS.client;
    const { words, daysLeft } = toEnd(untilMs, nowMs);
    const detail = `${publicKey.asymmetricKeyType ?? ''} ${authority.fingerprint.slice(0, 16)}…, ${words}`;
    const remedy = `it is not replaced by itself: move ${dirname(path)} away, start the coordinator, and let everybody join anew`;
    const found = { ...rest, present: isLasting, detail, untilMs, daysLeft };
    return isLasting ? found : { ...found, remedy };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const remedy = 'restore it from a backup, or move it away and let everybody join anew';
    return { ...rest, present: false, detail, remedy };
  }
}

function checkRights(paths: readonly string[]): Finding {
  const there = paths.filter((path) => existsSync(path));
  const words = 'whoever has read it may let others in';
  const open = there.map((path) => findOpenRights(path, words).remedy);
  const remedies = open.filter((remedy) => remedy !== undefined);
  const present = remedies.length === 0;
  return {
    what: 'keys of the coordinator',
    present,
    detail: present ? 'for their owner alone' : 'others of this machine can open them',
    isNeeded: false,
    ...(present ? {} : { remedy: remedies.join('; ') }),
  };
}

/** Made at every start, and kept nowhere: it is seen only by asking. */
async function checkOwn(state: string, nowMs: number): Promise<Finding> {
  const rest = { what: "the coordinator's own certificate", isNeeded: false };
  const named = readCoordinator(state);
  if (named?.isProtected !== true)
    return { ...rest, present: false, detail: 'made at its start; it does not run with TLS now' };
  try {
    const { fromMs, untilMs } = await seeOwn(
      named.address,
      readAuthority(statePaths(state).authority)?.certificate ?? '',
    );
    const renewMs = fromMs + LIFE_MS.server / 3;
    const { words, daysLeft } = toEnd(untilMs, nowMs);
    const detail = `at ${named.address}, ${words}, renewed ${toDay(renewMs)}`;
    return { ...rest, present: untilMs > nowMs, detail, untilMs, renewMs, daysLeft };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    return {
      ...rest,
      present: false,
      detail: `nothing of this folder answers at ${named.address} (${code})`,
    };
  }
}

async function seeOwn(
  address: string,
  authority: string,
): Promise<{ readonly fromMs: number; readonly untilMs: number }> {
  const { openTls } = await import('../../wire/probe.ts');
  const here = address.replace(/^(0\.0\.0\.0|\[::\]):/, 'localhost:');
  const socket = await openTls(here, { authority }, ANSWER_MS);
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
  socket.destroy();
  return { fromMs: Date.parse(from), untilMs: Date.parse(to) };
}
