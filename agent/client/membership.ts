// How an agent is known to its coordinator: by a certificate that it joined for, and renews; or not at all, where there is no
// protection.
// Promise: an agent that is to be protected never works for anyone but the coordinator that let it in.

import { EspalierError } from '../../src/domain/errors.ts';
import { isLoopback } from '../../src/domain/loopback.ts';
import type { Credential } from '../../src/pki/credential.ts';
import { isDueForRenewal } from '../../src/pki/credential.ts';
import { agentFolder, findCredential, keepCredential } from '../../src/pki/credential-folder.ts';
import { joinCoordinator, renewCredential } from '../../src/wire/join.ts';
import { findHindrance } from '../../src/wire/probe.ts';

/** What membership follows from. */
export type MembershipOptions = {
  /** `host:port`. */
  readonly coordinator: string;
  /** The agent's folder. */
  readonly state: string;
  /** What lets it in, if it is to join. */
  readonly token: string | undefined;
  /** Whether it may work for a coordinator without protection, on another machine. */
  readonly insecure: boolean;
  readonly agentId: string;
  readonly name: string;
  readonly log: (line: string) => void;
};

/** How often it is asked whether the certificate is to be renewed. */
const LOOK_MS = 3600 * 1000;

/** One agent's membership. */
export class Membership {
  readonly #options: MembershipOptions;
  #credential: Credential | undefined;

  private constructor(options: MembershipOptions, credential: Credential | undefined) {
    this.#options = options;
    this.#credential = credential;
  }

  /**
   * Joins where there is a token; else takes what an earlier run has joined for.
   * @throws EspalierError `unauthenticated` or `usage` for an agent that cannot be let in, in words that say what to do
   */
  static async open(options: MembershipOptions): Promise<Membership> {
    const { coordinator, state, token, agentId } = options;
    const found = findCredential(agentFolder(state), coordinator);
    const earlier = found?.id === agentId ? found : undefined;
    const credential = token === undefined ? earlier : await join(options, token, earlier);
    if (credential === undefined) await assertOpen(options);
    else assertLasting(credential, coordinator);
    return new Membership(options, credential);
  }

  /** What to show to the coordinator now. */
  get credential(): Credential | undefined {
    return this.#credential;
  }

  /** Renews the certificate whenever that is due, and says so. Ends when aborted. */
  keep(signal: AbortSignal, onRenewed: () => void): void {
    if (this.#credential === undefined) return;
    const look = (): void => void this.#renew(onRenewed);
    const timer = setInterval(look, LOOK_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    look();
  }

  async #renew(onRenewed: () => void): Promise<void> {
    const { coordinator, state, log } = this.#options;
    const credential = this.#credential;
    if (credential === undefined || !isDueForRenewal(credential, Date.now())) return;
    try {
      const fresh = await renewCredential(coordinator, credential);
      keepCredential(agentFolder(state), coordinator, fresh);
      this.#credential = fresh;
      log(`the certificate was renewed and lasts until ${toDay(fresh.untilMs)}`);
      onRenewed();
    } catch (error) {
      if (!(error instanceof EspalierError)) throw error;
      log(`the certificate could not be renewed: ${error.message}; trying again in an hour`);
    }
  }
}

/** A token that was used up already, as when a command is given again, is no harm to an agent that is in. */
async function join(
  options: MembershipOptions,
  token: string,
  earlier: Credential | undefined,
): Promise<Credential> {
  const { coordinator: address, state, agentId, name, log } = options;
  try {
    const credential = await joinCoordinator({ address, token, role: 'agent', agentId, name });
    keepCredential(agentFolder(state), address, credential);
    log(`let in by ${address}; the certificate lasts until ${toDay(credential.untilMs)}`);
    return credential;
  } catch (error) {
    if (!(error instanceof EspalierError) || earlier === undefined) throw error;
    log(`${error.message}; going on with the certificate of ${agentFolder(state)}`);
    return earlier;
  }
}

async function assertOpen({ coordinator, insecure }: MembershipOptions): Promise<void> {
  const host = coordinator.replace(/:\d+$/, '');
  if (isLoopback(host)) return;
  const hindrance = await findHindrance(coordinator, undefined, 'agent');
  if (hindrance !== undefined) throw new EspalierError('unauthenticated', hindrance);
  if (insecure) return;
  throw new EspalierError(
    'usage',
    `an agent runs the code that its coordinator sends, and nothing here says that ${coordinator} is the right one: join with the line that "espalier token create" prints there, or say --insecure if the network is yours alone`,
  );
}

function assertLasting({ untilMs }: Credential, coordinator: string): void {
  if (untilMs > Date.now()) return;
  throw new EspalierError(
    'unauthenticated',
    `the certificate of this agent for ${coordinator} has expired on ${toDay(untilMs)}: "espalier token create" on the coordinator's host prints the line that lets it in again`,
  );
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
