// The credentials of one agent or person: one file for each coordinator, named by its address.

import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Credential } from './credential.ts';
import { readCredential, writeCredential } from './credential.ts';

/** Where a person's credentials are: for all projects of the account. */
export function personalFolder(env: NodeJS.ProcessEnv): string {
  const config = env['XDG_CONFIG_HOME'] ?? '';
  return join(config === '' ? join(homedir(), '.config') : config, 'espalier', 'credentials');
}

/** Where an agent's credentials are, in its own folder. */
export function agentFolder(state: string): string {
  return join(state, 'credentials');
}

/** The credential for the coordinator at `address`; undefined where there is none. @throws EspalierError `storage` for a damaged file */
export function findCredential(folder: string, address: string): Credential | undefined {
  return readCredential(toPath(folder, address));
}

/** Keeps a credential; its path. */
export function keepCredential(folder: string, address: string, credential: Credential): string {
  const path = toPath(folder, address);
  writeCredential(path, credential);
  return path;
}

/** The paths of all credentials of a folder. */
export function listCredentials(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pem'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function toPath(folder: string, address: string): string {
  return join(folder, `${encodeURIComponent(address.toLowerCase())}.pem`);
}
