// The gate: looks at the certificate of every call before anything of it is carried out.
// Promise: a call is carried out for somebody who is let in and may make it. Once that is over nothing more that is said in it
// counts, and it ends within a second.

import { toDeferred } from '../../src/domain/deferred.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import { toFingerprint } from '../../src/pki/fingerprint.ts';
import type { Caller } from './caller.ts';
import { ANYONE } from './caller.ts';
import type { Holder, Ledger } from './ledger.ts';
import { findRefusal, JOIN_PATH } from './rights.ts';

/** What the gate wants to know of a call. */
export type IncomingCall = {
  getPath(): string;
  getAuthContext(): { readonly sslPeerCertificate?: { readonly fingerprint256: string } };
};

/** Carries out a call for its caller, or refuses it. */
export type Admit = <R>(call: IncomingCall, body: (caller: Caller) => Promise<R> | R) => Promise<R>;

/** The gate of a coordinator without protection: it stands open. */
export const admitAnyone: Admit = async (_, body) => body(ANYONE);

const RECHECK_MS = 1_000;

/** A call that is being carried out. */
type OpenCall = {
  readonly fingerprint: string;
  untilMs: number;
  readonly end: (refusal: EspalierError) => void;
};

/** The gate of a coordinator with protection. */
export class Gate {
  readonly #ledger: Ledger;
  readonly #wallMs: () => number;
  readonly #open = new Set<OpenCall>();
  readonly #timer: NodeJS.Timeout;
  #version: number;

  /** @param wallMs the time, milliseconds since 1970: certificates end by it */
  constructor(ledger: Ledger, wallMs: () => number) {
    this.#ledger = ledger;
    this.#wallMs = wallMs;
    this.#version = ledger.version();
    this.#timer = setInterval(() => this.recheck(), RECHECK_MS);
    this.#timer.unref();
  }

  /** @throws EspalierError `unauthenticated` for somebody who is not let in, `forbidden` for what this kind may not do */
  readonly admit: Admit = async (call, body) => {
    const path = call.getPath();
    if (path === JOIN_PATH) return body(ANYONE);
    const fingerprint = fingerprintOf(call);
    const holder = this.#holderOf(fingerprint);
    const refusal = findRefusal(holder.kind, path);
    if (refusal !== undefined) throw new EspalierError('forbidden', refusal);
    return this.#during({ fingerprint, untilMs: holder.untilMs }, holder, body);
  };

  /** Ends the calls of those who have been revoked, or whose certificate has ended, since the last time. */
  recheck(): void {
    const version = this.#ledger.version();
    const isSame = version === this.#version;
    this.#version = version;
    for (const call of this.#open) {
      if (isSame && call.untilMs > this.#wallMs()) continue;
      try {
        this.#holderOf(call.fingerprint);
      } catch (error) {
        if (!(error instanceof EspalierError)) throw error;
        call.end(error);
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #during<R>(
    certificate: Pick<OpenCall, 'fingerprint' | 'untilMs'>,
    { kind, id, name }: Holder,
    body: (caller: Caller) => Promise<R> | R,
  ): Promise<R> {
    const refused = toDeferred<never>();
    let refusal: EspalierError | undefined;
    const end = (why: EspalierError): void => {
      refusal = why;
      refused.reject(why);
    };
    const assertLetIn = (): void => {
      if (this.#ledger.version() !== this.#version) this.recheck();
      if (refusal !== undefined) throw refusal;
    };
    const call = { ...certificate, end };
    this.#open.add(call);
    try {
      return await Promise.race([
        body({ identity: { kind, id, name }, assertLetIn }),
        refused.promise,
      ]);
    } finally {
      this.#open.delete(call);
    }
  }

  #holderOf(fingerprint: string): Holder {
    const holder = this.#ledger.find(fingerprint);
    if (holder === undefined)
      throw refuse('this certificate is not, or no longer, one that this coordinator knows');
    if (holder.revokedMs !== null) throw refuse(`${holder.kind} ${holder.name} has been revoked`);
    if (holder.untilMs <= this.#wallMs())
      throw refuse(`the certificate of ${holder.kind} ${holder.name} has expired`);
    return holder;
  }
}

/** Node gives a certificate only where TLS has found it to be of this authority, for calling, and in its time. */
function fingerprintOf(call: IncomingCall): string {
  const certificate = call.getAuthContext().sslPeerCertificate;
  if (certificate === undefined)
    throw refuse('the caller has shown no certificate of this coordinator that is valid now');
  return toFingerprint(certificate);
}

function refuse(why: string): EspalierError {
  return new EspalierError(
    'unauthenticated',
    `${why}: "espalier token create" on the coordinator's host prints a line that lets in`,
  );
}
