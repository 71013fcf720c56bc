// The coordinator's own certificate: made at every start, and made anew while it runs, without a connection noticing.

import type { ServerCredentials } from '@grpc/grpc-js';
import { experimental } from '@grpc/grpc-js';
import type { Authority } from '../../src/pki/authority.ts';
import { certifyServer, LIFE_MS, toKeyPem } from '../../src/pki/authority.ts';
import { createKeyPair } from '../../src/pki/key-request.ts';

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

/** TLS for a server whose authority this is. @param wallMs the time, milliseconds since 1970 */
export function createServerTls(authority: Authority, wallMs: () => number): ServerTls {
  const listeners = new Set<Listener>();
  let update = toUpdate(authority, wallMs());
  let madeMs = wallMs();
  const timer = setInterval(() => {
    if (wallMs() - madeMs < RENEW_MS) return;
    madeMs = wallMs();
    update = toUpdate(authority, madeMs);
    for (const listener of listeners) listener(update);
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
function toUpdate(authority: Authority, nowMs: number): Update {
  const keys = createKeyPair();
  const certificate = `${certifyServer(authority, keys.publicKey, nowMs)}${authority.certificate}`;
  return { certificate: Buffer.from(certificate), privateKey: Buffer.from(toKeyPem(keys)) };
}
