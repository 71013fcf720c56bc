// A place for trials that a command trains itself: a temporary folder, and the processes that work in it.
// Promise: whatever ends the work, an error or a signal, the processes and all that they started are gone, and so is the folder.

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EspalierError } from '../src/domain/errors.ts';
import type { Gpu } from './device/nvidia-smi.ts';
import { findGpus } from './device/slots.ts';
import { LocalTrial } from './local-trial.ts';
import { type AgentSettings, withDefaults } from './options.ts';
import { removeFolder } from './state/folders.ts';
import { type Download, SourceCache } from './state/source-cache.ts';
import { chooseConfinement, type Confinement } from './trial/confinement.ts';
import { toTrialEnvironment } from './trial/environment.ts';
import { TrialLog } from './trial/trial-log.ts';
import { TrialProcess } from './trial/trial-process.ts';

/** What an agent may be told of its trials, and a command likewise. */
export type WorkshopOptions = Partial<
  Pick<
    AgentSettings,
    'openedMs' | 'epochMs' | 'graceMs' | 'trialArgv' | 'findGpus' | 'confinements'
  >
> & {
  /** What must not go unsaid, such as processes that cannot be killed. */
  readonly log: (line: string) => void;
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does some work in a workshop. A signal ends its processes, and thereby the work.
 * @throws EspalierError `interrupted` after a signal; otherwise what `work` throws
 */
export async function inWorkshop<T>(
  options: WorkshopOptions,
  work: (workshop: Workshop) => Promise<T>,
): Promise<T> {
  const workshop = new Workshop(options, makeFolder(tmpdir()));
  const interrupt = (): void => void workshop.interrupt();
  // Only the first of each is caught: a person can still end what does not end.
  for (const signal of SIGNALS) process.once(signal, interrupt);
  try {
    return await work(workshop);
  } catch (error) {
    workshop.throwIfInterrupted();
    throw toStorageError(error);
  } finally {
    await workshop.close();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'espalier-'));
  } catch (error) {
    throw toStorageError(error);
  }
}

/** What the disk refuses, in words; anything else as it is. */
function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error) || error instanceof EspalierError)
    return error;
  const words = `the temporary folder cannot be used: ${error.message}; TMPDIR names another one`;
  return new EspalierError('storage', words, { cause: error });
}

/** The folder and the processes. */
export class Workshop {
  readonly #folder: string;
  readonly #id = randomUUID();
  readonly #options: WorkshopOptions & AgentSettings;
  readonly #started = new Set<Promise<LocalTrial>>();
  #confinement: Promise<Confinement> | undefined;
  #isInterrupted = false;

  constructor(options: WorkshopOptions, folder: string) {
    this.#folder = folder;
    // Nobody joins a coordinator here.
    this.#options = withDefaults({ ...options, coordinator: '', state: folder });
    for (const name of ['work', 'logs', 'saved']) mkdirSync(join(folder, name));
  }

  /** The GPUs of this host. */
  async findGpus(): Promise<readonly Gpu[]> {
    return (this.#options.findGpus ?? findGpus)();
  }

  /** Code and data for the trials, got by content; a signal ends the getting too. */
  openSources(download: Download): SourceCache {
    return new SourceCache(this.#folder, (sha256) => this.#whileWanted(download, sha256));
  }

  /** A new empty folder for a trial to save into. */
  makeFolder(): string {
    return makeFolder(join(this.#folder, 'saved'));
  }

  /** Starts a process that sees these devices. Throws `EspalierError('unavailable')` when this machine cannot. */
  async start(visibleDevices: string): Promise<LocalTrial> {
    this.throwIfInterrupted();
    const starting = this.#start(visibleDevices);
    this.#started.add(starting);
    const trial = await starting;
    this.throwIfInterrupted();
    return trial;
  }

  /** Ends all processes: the work is to end. */
  async interrupt(): Promise<void> {
    this.#isInterrupted = true;
    const stopped = [...this.#started].map(async (starting) => (await starting).stop());
    await Promise.allSettled(stopped);
  }

  /** @throws EspalierError `interrupted` */
  throwIfInterrupted(): void {
    if (this.#isInterrupted) throw new EspalierError('interrupted', '');
  }

  /** Ends what runs and removes the folder. Nothing can be started afterwards. */
  async close(): Promise<void> {
    await this.interrupt();
    if (!removeFolder(this.#folder)) this.#options.log(`${this.#folder} cannot be removed`);
  }

  async *#whileWanted(download: Download, sha256: string): AsyncGenerator<Uint8Array> {
    for await (const chunk of download(sha256)) {
      this.throwIfInterrupted();
      yield chunk;
    }
  }

  async #start(visibleDevices: string): Promise<LocalTrial> {
    const { trialArgv: argv, confinements, graceMs, log } = this.#options;
    const confinement = await (this.#confinement ??= chooseConfinement(confinements));
    const id = randomUUID();
    const owner = `${this.#id}/${id}`;
    const folder = join(this.#folder, 'work', id);
    mkdirSync(folder);
    const trialLog = new TrialLog(join(this.#folder, 'logs', `${id}.log`));
    const attempt = `${id}:1`;
    const environment = toTrialEnvironment(process.env, { visibleDevices, attempt, owner });
    const options = { argv, environment, folder, owner, confinement, trialLog, graceMs, log };
    return new LocalTrial(await TrialProcess.start(options), this.#options);
  }
}
