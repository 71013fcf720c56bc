// Which coordinator a command speaks with, and as whom.

import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { EspalierError } from '../domain/errors.ts';
import type { Credential } from '../pki/credential.ts';
import { isDueForRenewal, readCredential } from '../pki/credential.ts';
import { findCredential, keepCredential, personalFolder } from '../pki/credential-folder.ts';
import { readCoordinator, statePaths } from '../storage/state-folder.ts';
import type { SweepClient } from '../wire/sweep-client.ts';
import { toJoinAddress } from './hint.ts';
import type { ServerOptions } from './options.ts';
import { addressOf } from './options.ts';

/** A client of the coordinator that is asked for. @throws EspalierError `unavailable` if none is known, `unauthenticated` for a certificate that has expired */
export async function openClient(options: ServerOptions): Promise<SweepClient> {
  return (await openAs(options)).client;
}

/** The same client, and whether its certificate lets its owner look and not steer. */
export async function openAs(
  options: ServerOptions,
): Promise<{ readonly client: SweepClient; readonly mayOnlyRead: boolean }> {
  const address = addressOf(options);
  const { SweepClient } = await import('../wire/sweep-client.ts');
  const own = await findOwn(options, address);
  return { client: new SweepClient(address, own), mayOnlyRead: own?.kind === 'reader' };
}

async function findOwn(options: ServerOptions, address: string): Promise<Credential | undefined> {
  const folder = personalFolder(process.env);
  const personal = findCredential(folder, address);
  if (personal !== undefined) return renewWhenDue(folder, address, personal);
  const state = resolve(options.state);
  const named = readCoordinator(state);
  return named?.isProtected === true && isCalled(named.address, address)
    ? readCredential(statePaths(state).local)
    : undefined;
}

/** Whether `address` is what a coordinator of this machine can be called by. Another that is called so fails the handshake. */
function isCalled(own: string, address: string): boolean {
  const hosts = [hostname(), 'localhost', '127.0.0.1'];
  return own === address || hosts.some((host) => toJoinAddress(own, host) === address);
}

async function renewWhenDue(
  folder: string,
  address: string,
  credential: Credential,
): Promise<Credential> {
  const nowMs = Date.now();
  if (credential.untilMs <= nowMs)
    throw new EspalierError(
      'unauthenticated',
      `your certificate for ${address} has expired: "espalier token create --kind ${credential.kind}" on its host prints the line that lets you in again`,
    );
  if (!isDueForRenewal(credential, nowMs)) return credential;
  const { renewCredential } = await import('../wire/join.ts');
  try {
    const fresh = await renewCredential(address, credential);
    keepCredential(folder, address, fresh);
    return fresh;
  } catch {
    // It still lasts, and the command itself will say what is wrong.
    return credential;
  }
}
