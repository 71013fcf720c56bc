// Why no connection comes to be: gRPC says nothing but that there is none, so the handshake is made once more by hand.
// Promise: nothing is sent but the handshake, and it takes as long as it is given at most.

import type { TLSSocket } from 'node:tls';
import { connect } from 'node:tls';
import { findImpostor, SERVER_NAME } from './credentials.ts';
import type { Trust } from './credentials.ts';

/** Long enough for a machine that is busy. */
const HANDSHAKE_MS = 10_000;

/** Patience with somebody who cannot be reached already. */
export const PROBE_MS = 3_000;

/** What somebody is let in as. */
export type Role = 'agent' | 'person';

const REMEDY: Readonly<Record<Role, string>> = {
  agent: '"espalier token create" on its host prints the line that lets this agent in',
  person: '"espalier token create --kind operator" on its host prints the line that lets you in',
};

/** Errors of a handshake, in words. */
const WORDS: Readonly<Record<string, (address: string, remedy: string) => string>> = {
  CERT_HAS_EXPIRED: (address) =>
    `the certificate of the coordinator at ${address} has expired, by the clock of this machine: set the clock of both`,
  CERT_NOT_YET_VALID: (address) =>
    `the certificate of the coordinator at ${address} is of the future, by the clock of this machine: set the clock of both`,
  SELF_SIGNED_CERT_IN_CHAIN: toStranger,
  DEPTH_ZERO_SELF_SIGNED_CERT: toStranger,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: toStranger,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: toStranger,
  UNABLE_TO_GET_ISSUER_CERT: toStranger,
  CERT_SIGNATURE_FAILURE: toStranger,
  INVALID_PURPOSE: toStranger,
  ERR_SSL_WRONG_VERSION_NUMBER: toUnprotected,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: toUnprotected,
  ERR_SSL_HTTP_REQUEST: toUnprotected,
};

/** What hinders a connection to `address`, where that is to do with protection; undefined where nothing answers, or all is well. */
export async function findHindrance(
  address: string,
  trust: Trust | undefined,
  role: Role,
  limitMs = PROBE_MS,
): Promise<string | undefined> {
  const outcome = await shakeHands(address, trust, limitMs);
  if (trust === undefined) {
    return outcome === 'done'
      ? `the coordinator at ${address} asks for a certificate, and there is none for this address here: ${REMEDY[role]}`
      : undefined;
  }
  return WORDS[outcome]?.(address, REMEDY[role]);
}

/** Opens TLS to `address`; without `trust` to whoever it may be. Rejects with what goes wrong. The caller ends the socket. */
export function openTls(
  address: string,
  trust: Trust | undefined,
  limitMs = HANDSHAKE_MS,
): Promise<TLSSocket> {
  const { host, port } = splitAddress(address);
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        host,
        port,
        servername: SERVER_NAME,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: trust !== undefined,
        ca: trust?.authority,
        key: trust?.key,
        cert: trust?.certificate,
        checkServerIdentity: (_, found) => findImpostor(found),
      },
      () => resolve(socket),
    );
    const patience = setTimeout(() => socket.destroy(new Error('no answer')), limitMs);
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(patience);
      reject(new Error('closed'));
    });
  });
}

/** `done`, or the code of what went wrong. */
async function shakeHands(
  address: string,
  trust: Trust | undefined,
  limitMs: number,
): Promise<string> {
  try {
    const socket = await openTls(address, trust, limitMs);
    socket.destroy();
    return 'done';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : '';
  }
}

/** Host and port of `host:port`, `[v6]:port` included. */
function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(address.slice(at + 1)) };
}

function toStranger(address: string, remedy: string): string {
  return `what answers at ${address} is not the coordinator that let this machine in: its certificate is of another authority. If the coordinator was set up anew, ${remedy}; if not, somebody is in between`;
}

function toUnprotected(address: string): string {
  return `what answers at ${address} speaks without TLS, and this machine was let in by a coordinator that has it: it goes on with no other. Start the coordinator without --insecure, or name another address`;
}
