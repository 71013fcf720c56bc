// What a coordinator that other machines can reach has besides: authority, ledger, gate, TLS, and the service that lets in.

import type { ServerCredentials } from '@grpc/grpc-js';
import { reasonOf } from '../../src/domain/errors.ts';
import { openAuthority } from '../../src/pki/authority.ts';
import type { StatePaths } from '../../src/storage/state-folder.ts';
import { Gate } from './gate.ts';
import type { JoinPorts } from './join.ts';
import { Ledger } from './ledger.ts';
import { keepLocalOperator } from './local-operator.ts';
import { createServerTls } from './server-certificate.ts';

const LOOK_MS = 3600 * 1000;

/** Open until closed. */
export type Protection = JoinPorts & {
  readonly gate: Gate;
  readonly credentials: ServerCredentials;
  readonly close: () => void;
};

/**
 * Opens the folder's authority and ledger, and makes them at the first time.
 * @param wallMs the time, milliseconds since 1970
 * @param log told of renewals that went wrong
 */
export async function openProtection(
  paths: StatePaths,
  wallMs: () => number,
  log: (line: string) => void,
): Promise<Protection> {
  const authority = await openAuthority(paths.authority, wallMs());
  const ledger = Ledger.open(paths.ledger);
  try {
    return await protect(paths, { authority, ledger }, wallMs, log);
  } catch (error) {
    ledger.close();
    throw error;
  }
}

async function protect(
  paths: StatePaths,
  { authority, ledger }: JoinPorts,
  wallMs: () => number,
  log: (line: string) => void,
): Promise<Protection> {
  const keep = (): Promise<void> => keepLocalOperator(paths.local, authority, ledger, wallMs());
  await keep();
  const tls = await createServerTls(authority, wallMs, log);
  const timer = setInterval(() => {
    keep().catch((error: unknown) =>
      log(`${paths.local} could not be renewed: ${reasonOf(error)}`),
    );
  }, LOOK_MS);
  timer.unref();
  const gate = new Gate(ledger, wallMs);
  const close = (): void => {
    clearInterval(timer);
    gate.close();
    tls.close();
    ledger.close();
  };
  return { authority, ledger, gate, credentials: tls.credentials, close };
}
