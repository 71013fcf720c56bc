// Parts of the commands that are proposed to people: a proposal has to work when it is pasted.

import { relative, resolve } from 'node:path';
import { DEFAULT_STATE } from '../storage/state-folder.ts';

/** ` --state FOLDER`, or nothing for the folder that is used anyway. */
export function toStateFlag(state: string): string {
  if (resolve(state) === resolve(DEFAULT_STATE)) return '';
  const inside = relative(process.cwd(), state);
  return ` --state ${quote(inside === '' || inside.startsWith('..') ? state : inside)}`;
}

/** ` --coordinator HOST:PORT`, or nothing where none was named. */
export function toCoordinatorFlag(coordinator: string | undefined): string {
  return coordinator === undefined ? '' : ` --coordinator ${quote(coordinator)}`;
}

/** A word as a POSIX shell takes it. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The address for other machines: `host` where the coordinator listens on all of this machine's addresses. */
export function toJoinAddress(address: string, host: string): string {
  return address.replace(/^(?:0\.0\.0\.0|\[::\])(?=:\d+$)/, host);
}
