// Where a coordinator keeps its things, and how other commands on the machine find them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder used unless another is named. */
export const DEFAULT_STATE = '.espalier';

/** Paths inside a coordinator's state folder. */
export type StatePaths = {
  readonly database: string;
  readonly blobs: string;
  readonly log: string;
  /** JSON: address and process id of the coordinator. */
  readonly address: string;
  /** JSON: how far the database had come. */
  readonly highWater: string;
  /** The coordinator's authority: its key and its certificate. */
  readonly authority: string;
  /** Who is let in. */
  readonly ledger: string;
  /** What commands on this machine show to the coordinator. */
  readonly local: string;
};

/** The paths of one folder. */
export function statePaths(folder: string): StatePaths {
  return {
    database: join(folder, 'espalier.db'),
    blobs: join(folder, 'blobs'),
    log: join(folder, 'coordinator.log'),
    address: join(folder, 'coordinator.json'),
    highWater: join(folder, 'high-water.json'),
    authority: join(folder, 'access', 'authority.pem'),
    ledger: join(folder, 'access', 'ledger.db'),
    local: join(folder, 'access', 'local.pem'),
  };
}

/** A coordinator as its folder names it. */
export type NamedCoordinator = {
  readonly address: string;
  readonly pid: number;
  /** When it wrote its name: wall time, milliseconds. */
  readonly startedMs: number;
  /** Whether it asks for certificates. */
  readonly isProtected: boolean;
};

/**
 * The coordinator that the folder names: the one that runs there or, since only one that ends in order takes its name away,
 * the last one that was killed there.
 */
export function readCoordinator(folder: string): NamedCoordinator | undefined {
  const { address, pid, startedMs, isProtected } = readJson(statePaths(folder).address);
  if (typeof address !== 'string' || typeof pid !== 'number') return undefined;
  return {
    address,
    pid,
    startedMs: typeof startedMs === 'number' ? startedMs : 0,
    isProtected: isProtected === true,
  };
}

/** The address of {@link readCoordinator}. */
export function readAddress(folder: string): string | undefined {
  return readCoordinator(folder)?.address;
}

type Named = { readonly [name in 'address' | 'pid' | 'startedMs' | 'isProtected']?: unknown };

function readJson(path: string): Named {
  try {
    const found: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
