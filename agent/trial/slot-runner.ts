// A slot at work: one attempt at a time, in a process that stays warm for the next stage of the same sweep.
// Promise: when `run` returns, the slot is free: what it started is gone, or waits for the next stage.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageAttempt } from '../core/assignment.ts';
import type { Ending } from '../core/outcome.ts';
import type { DeviceSlot } from '../device/slots.ts';
import type { AttemptHost, ReportItem, Trainer } from './attempt-host.ts';
import { runAttempt } from './attempt.ts';
import type { Confinement } from './confinement.ts';
import { toTrialEnvironment } from './environment.ts';
import { TrialLog } from './trial-log.ts';
import { removeFolder, tidyLogs } from '../state/folders.ts';
import { TrialProcess } from './trial-process.ts';

const CLOSE_MS = 10_000;

/** What a slot needs of the agent. */
export type SlotHost = Pick<
  AttemptHost,
  'fetchSources' | 'fetchMembers' | 'fetchHistory' | 'checkpoints' | 'limits'
> & {
  readonly agentId: string;
  /** A checkpoint that was kept is told to nobody. */
  readonly forget: (checkpointId: string) => void;
  /** Holds `work/` and `logs/`. */
  readonly folder: string;
  readonly trialArgv: readonly string[];
  readonly confinement: Confinement;
  readonly graceMs: number;
  readonly idleMs: number;
  readonly log: (line: string) => void;
};

/** What one attempt tells, and asks. */
export type AttemptListener = Pick<AttemptHost, 'report' | 'wishes'> & {
  /** Called once, unless the attempt is withdrawn; the slot is freed afterwards. */
  readonly ended: (ending: Ending) => void;
};

type Warm = { readonly key: string; readonly process: TrialProcess };

/** Runs attempts on one slot. */
export class SlotRunner {
  readonly slot: DeviceSlot;
  readonly #host: SlotHost;
  #warm: Warm | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(slot: DeviceSlot, host: SlotHost) {
    this.slot = slot;
    this.#host = host;
  }

  /** Runs an attempt until it ends or `withdrawn` is aborted, and frees the slot. */
  async run(stage: StageAttempt, withdrawn: AbortSignal, listener: AttemptListener): Promise<void> {
    clearTimeout(this.#idle);
    const stop = (): void => void this.stop();
    withdrawn.addEventListener('abort', stop, { once: true });
    const ending = await runAttempt(stage, this.#toHost(withdrawn, listener));
    withdrawn.removeEventListener('abort', stop);
    this.#warm?.process.log.end();
    const isBroken = ending.outcome === 'failed' || ending.outcome === 'lost';
    // Whoever is told of the end may give the stage to another agent at once.
    if (isBroken && stage.exclusive) await this.stop();
    if (withdrawn.aborted) return this.stop();
    listener.ended(ending);
    return isBroken ? this.stop() : this.#rest();
  }

  /** Ends the slot's process, if there is one. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const warm = this.#warm;
    await warm?.process.stop();
    if (this.#warm === warm) this.#warm = undefined;
  }

  #toHost(withdrawn: AbortSignal, { report, wishes }: AttemptListener): AttemptHost {
    const { fetchSources, fetchMembers, fetchHistory, checkpoints, limits } = this.#host;
    return {
      limits,
      wishes,
      report: (item) => {
        if (!withdrawn.aborted) report(item);
        else if (item.$case === 'checkpoint') this.#host.forget(item.checkpoint.checkpointId);
      },
      fetchSources: async (sources) => unlessAborted(fetchSources(sources), withdrawn),
      fetchMembers: async (stageId) => unlessAborted(fetchMembers(stageId), withdrawn),
      fetchHistory: async (stageId) => unlessAborted(fetchHistory(stageId), withdrawn),
      checkpoints: {
        ...checkpoints,
        fetch: async (start) => unlessAborted(checkpoints.fetch(start), withdrawn),
      },
      startTrainer: async (stage) => this.#startTrainer(stage, withdrawn, report),
    };
  }

  async #startTrainer(
    stage: StageAttempt,
    withdrawn: AbortSignal,
    report: (item: ReportItem) => void,
  ): Promise<Trainer> {
    const key = JSON.stringify([stage.sweepId, stage.bundleSha256, stage.backends]);
    if (this.#warm?.key !== key || !this.#warm.process.isUsable) {
      await this.stop();
      withdrawn.throwIfAborted();
      this.#warm = { key, process: await this.#startProcess(stage) };
    }
    const { process } = this.#warm;
    // An abort that came while the process was starting found nothing to stop.
    if (withdrawn.aborted) await this.stop();
    else process.log.begin((chunk) => report({ $case: 'log', log: chunk }));
    return {
      ask: async (command, limitMs) => process.ask(command, limitMs),
      tail: () => process.log.tail(),
    };
  }

  async #startProcess({ stageId, attempt }: StageAttempt): Promise<TrialProcess> {
    const { agentId, trialArgv: argv, confinement, graceMs, log } = this.#host;
    const id = randomUUID();
    const folder = join(this.#host.folder, 'work', id);
    await mkdir(folder, { recursive: true });
    const trialLog = new TrialLog(join(this.#host.folder, 'logs', `${id}.log`));
    const owner = `${agentId}/${id}`;
    const environment = toTrialEnvironment(process.env, {
      visibleDevices: this.slot.visibleDevices,
      attempt: `${stageId}:${attempt}`,
      owner,
    });
    const options = { argv, environment, folder, owner, confinement, trialLog, graceMs, log };
    const started = await TrialProcess.start(options);
    void this.#tidyAfter(started.gone, folder);
    return started;
  }

  /** Nothing of this may end the agent, whatever a trial has left behind. */
  async #tidyAfter(gone: Promise<void>, folder: string): Promise<void> {
    const { log } = this.#host;
    try {
      await gone;
      if (!removeFolder(folder)) log(`${folder} cannot be removed: a later start tries again`);
      tidyLogs(this.#host.folder);
    } catch (error) {
      log(`the end of a trial's process went wrong: ${String(error)}`);
    }
  }

  /** Keeps the process for the next stage, for a while. */
  async #rest(): Promise<void> {
    const warm = this.#warm;
    const answer = await warm?.process.ask({ kind: 'close' }, CLOSE_MS);
    if (answer?.kind !== 'closed') return this.stop();
    this.#idle = setTimeout(() => void this.stop(), this.#host.idleMs);
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
