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
  /** JSON: the address that the running coordinator listens on. */
  readonly address: string;
};

/** The paths of one folder. */
export function statePaths(folder: string): StatePaths {
  return {
    database: join(folder, 'espalier.db'),
    blobs: join(folder, 'blobs'),
    log: join(folder, 'coordinator.log'),
    address: join(folder, 'coordinator.json'),
  };
}

/** The address of the folder's coordinator, if one runs there. */
export function readAddress(folder: string): string | undefined {
  const address = readRunning(folder)?.['address'];
  return typeof address === 'string' ? address : undefined;
}

/** The process id of the folder's coordinator, if one runs there. */
export function readPid(folder: string): number | undefined {
  const pid = readRunning(folder)?.['pid'];
  return typeof pid === 'number' ? pid : undefined;
}

function readRunning(folder: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(readFileSync(statePaths(folder).address, 'utf8'));
    return typeof found === 'object' && found !== null ? { ...found } : undefined;
  } catch {
    return undefined;
  }
}
