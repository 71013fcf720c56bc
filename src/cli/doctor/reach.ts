// Whether the coordinators that this host has to do with answer it, and whether both have the same time.

import { status } from '@grpc/grpc-js';
import { agentFolder, listCredentials, personalFolder } from '../../pki/credential-folder.ts';
import type { Credential } from '../../pki/credential.ts';
import { readCredential } from '../../pki/credential.ts';
import { readCoordinator, statePaths } from '../../storage/state-folder.ts';
import { greet } from '../../wire/greet.ts';
import { findHindrance } from '../../wire/probe.ts';
import { toJoinAddress } from '../hint.ts';
import { toAddress } from './credentials.ts';
import type { Finding } from './finding.ts';

/** Patience with a coordinator. */
const ANSWER_MS = 3_000;

/** A reader may transfer no files, which is what is asked for. */
const ANSWERS: ReadonlySet<number> = new Set([status.OK, status.PERMISSION_DENIED]);

/** A coordinator, and who this host is to it. */
export type Known = { readonly address: string; readonly credential: Credential | undefined };

/** What came of one. */
export type Reach = {
  readonly address: string;
  readonly finding: Finding;
  /** How far its clock is ahead, milliseconds. */
  readonly aheadMs: number | undefined;
};

/**
 * The coordinators that credentials of this host are for, the one that the state folder names, and `wanted`.
 * @param agentState the agent's own folder
 */
export function listKnown(
  state: string,
  agentState: string,
  wanted: string | undefined,
): readonly Known[] {
  const folders = [personalFolder(process.env), agentFolder(agentState)];
  const joined = folders.flatMap(listCredentials).map((path) => ({
    address: toAddress(path),
    credential: readOrNone(path),
  }));
  const named = readCoordinator(state);
  const credential = named?.isProtected === true ? readOrNone(statePaths(state).local) : undefined;
  const own = named && { address: toJoinAddress(named.address, 'localhost'), credential };
  const others = own === undefined ? joined : [...joined, own];
  if (wanted === undefined || others.some(({ address }) => address === wanted.toLowerCase()))
    return others;
  return [...others, { address: wanted, credential: undefined }];
}

/** Asks one. @param wallMs the time, milliseconds since 1970 */
export async function checkReach(
  { address, credential }: Known,
  wallMs: () => number,
): Promise<Reach> {
  const { code, details, aheadMs } = await greet(address, credential, ANSWER_MS, wallMs);
  const rest = { what: `coordinator ${address}`, isNeeded: false };
  const who = credential === undefined ? 'everybody' : `${credential.kind} ${credential.id}`;
  if (ANSWERS.has(code))
    return { address, aheadMs, finding: { ...rest, present: true, detail: `answers ${who}` } };
  const problem =
    aheadMs === undefined
      ? await findNoAnswer(address, credential)
      : { detail: `does not let in ${who}`, remedy: details };
  return { address, aheadMs, finding: { ...rest, present: false, ...problem } };
}

async function findNoAnswer(
  address: string,
  credential: Credential | undefined,
): Promise<Pick<Finding, 'detail' | 'remedy'>> {
  const role = credential?.kind === 'agent' ? 'agent' : 'person';
  const remedy = await findHindrance(address, credential, role, ANSWER_MS);
  if (remedy === undefined) return { detail: 'nothing answers there' };
  return { detail: 'is there, and cannot be spoken with', remedy };
}

/** A file that cannot be read is found where credentials are looked at. */
function readOrNone(path: string): Credential | undefined {
  try {
    return readCredential(path);
  } catch {
    return undefined;
  }
}
