// The coordinator's own certificate: made at every start, and made anew while it runs, without a connection noticing.

import type { ServerCredentials } from '@grpc/grpc-js';
import { experimental } from '@grpc/grpc-js';
import { reasonOf } from '../../src/domain/errors.ts';
import type { Authority } from '../../src/pki/authority.ts';
import { certifyServer, LIFE_MS } from '../../src/pki/authority.ts';
import { createKeyPair, toKeyPem } from '../../src/pki/key-pair.ts';

/** A certificate that is renewed once a third of its life is over. */
const RENEW_MS = LIFE_MS.server / 3;
/** How often the clock is looked at: timers do not count the time that a machine sleeps. */
const LOOK_MS = 3600 * 1000;

/** Credentials of a server that asks every caller for a certificate and lets the gate judge, and the end of their renewal. */
export type ServerTls = { readonly credentials: ServerCredentials; readonly close: () => void };

type Update = { readonly certificate: Buffer; readonly privateKey: Buffer };
type Provider = experimental.CertificateProvider;
type Listener = (update: Update) => void;

const { createCertificateProviderServerCredentials } = experimental;

/**
 * TLS for a server whose authority this is.
 * @param wallMs the time, milliseconds since 1970
 * @param log told of a renewal that went wrong and is tried again in an hour
 */
export async function createServerTls(
  authority: Authority,
  wallMs: () => number,
  log: (line: string) => void,
): Promise<ServerTls> {
  const listeners = new Set<Listener>();
  let madeMs = wallMs();
  let update = await toUpdate(authority, madeMs);
  const renew = async (): Promise<void> => {
    const nowMs = wallMs();
    if (nowMs - madeMs < RENEW_MS) return;
    update = await toUpdate(authority, nowMs);
    madeMs = nowMs;
    for (const listener of listeners) listener(update);
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) =>
      log(`the coordinator's own certificate could not be renewed: ${reasonOf(error)}`),
    );
  }, LOOK_MS);
  timer.unref();
  const caCertificate = Buffer.from(authority.certificate);
  // Told at once, a server would not listen yet, and would turn every connection away.
  const provider: Provider = {
    addIdentityCertificateListener: (listener) => {
      listeners.add(listener);
      queueMicrotask(() => listener(update));
    },
    removeIdentityCertificateListener: (listener) => listeners.delete(listener),
    addCaCertificateListener: (listener) => queueMicrotask(() => listener({ caCertificate })),
    removeCaCertificateListener: () => undefined,
  };
  // One for both parameters: grpc-js declares them in the one order and takes them in the other. The third lets callers without
  // a certificate in as far as the gate: whoever joins has none yet.
  const credentials = createCertificateProviderServerCredentials(provider, provider, false);
  return { credentials, close: () => clearInterval(timer) };
}

/** With the authority's certificate, by whose fingerprint those who join know the coordinator. */
async function toUpdate(authority: Authority, nowMs: number): Promise<Update> {
  const keys = createKeyPair();
  const own = await certifyServer(authority, keys.publicKey, nowMs);
  const certificate = Buffer.from(`${own}${authority.certificate}`);
  return { certificate, privateKey: Buffer.from(toKeyPem(keys)) };
}
