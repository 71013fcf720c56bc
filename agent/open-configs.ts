// Opens configs of a sweep one after another, to find out what only an opened trial can tell: the steps of an epoch, whether it can
// be saved, how large a checkpoint is. Promise: nothing is trained, and nothing is left.

import { EspalierError } from '../src/domain/errors.ts';
import type { Config } from '../src/domain/sweep.ts';
import type { OpenedConfig } from '../src/plan/config-sample.ts';
import { parseSources } from './core/assignment.ts';
import { toSlots } from './device/slots.ts';
import type { LocalTrial, Opening } from './local-trial.ts';
import { lookAtCheckpoint } from './saved-checkpoint.ts';
import type { Download } from './state/source-cache.ts';
import { inWorkshop, type Workshop, type WorkshopOptions } from './workshop.ts';

export type { WorkshopOptions } from './workshop.ts';

/** What to open. */
export type ConfigsToOpen = {
  readonly bundle: { readonly sha256: string };
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly download: Download;
  readonly configs: readonly Config[];
  readonly opening: Pick<Opening, 'seed' | 'epochs' | 'backends'>;
  /** Called before each of them with its index. */
  readonly onOpen: (index: number) => void;
};

/**
 * Opens each config; one that cannot be opened is passed over, and a second one with the same words ends it, since a module that
 * does not load fails with every config. Says also how many slots an agent on this host would offer.
 * @throws EspalierError `interrupted` after a signal, `unavailable` where this machine cannot start a process
 */
export async function openConfigs(
  work: ConfigsToOpen,
  options: WorkshopOptions,
): Promise<{ readonly opened: readonly OpenedConfig[]; readonly slots: number }> {
  return inWorkshop(options, async (workshop) => {
    const { bundle, files, download } = work;
    const sources = parseSources({ bundleSha256: bundle.sha256, files: files.map(toRef) });
    const paths = await workshop.openSources(download).fetch(sources);
    const slots = toSlots(await workshop.findGpus());
    const opener = new Opener(workshop, slots[0]?.visibleDevices ?? '', {
      ...work.opening,
      ...paths,
    });
    const opened: OpenedConfig[] = [];
    for (const [index, config] of work.configs.entries()) {
      work.onOpen(index);
      const result = await opener.open(config);
      const { problem } = result;
      const isKnown = problem !== undefined && opened.some((one) => one.problem === problem);
      opened.push(result);
      if (isKnown) break;
    }
    return { opened, slots: slots.length };
  });
}

/** Keeps one process for all configs, as long as it lives. */
class Opener {
  readonly #workshop: Workshop;
  readonly #visibleDevices: string;
  readonly #opening: Omit<Opening, 'config'>;
  #trial: LocalTrial | undefined;

  constructor(workshop: Workshop, visibleDevices: string, opening: Omit<Opening, 'config'>) {
    this.#workshop = workshop;
    this.#visibleDevices = visibleDevices;
    this.#opening = opening;
  }

  async open(config: Config): Promise<OpenedConfig> {
    if (this.#trial?.isUsable !== true) {
      await this.#trial?.stop();
      this.#trial = await this.#workshop.start(this.#visibleDevices);
    }
    try {
      return await this.#lookAt(this.#trial, config);
    } catch (error) {
      this.#workshop.throwIfInterrupted();
      if (!(error instanceof EspalierError) || error.code !== 'trials-failed') throw error;
      return { ...NOTHING, problem: error.message };
    }
  }

  async #lookAt(trial: LocalTrial, config: Config): Promise<OpenedConfig> {
    const opened = await trial.open({ ...this.#opening, config });
    const { steps_per_epoch: stepsPerEpoch, can_save: canSave, backend } = opened;
    const { bytes, fixedDropouts } = canSave ? await this.#save(trial) : { ...NOTHING, bytes: 0 };
    await trial.close();
    const facts = { stepsPerEpoch, canSave, checkpointBytes: bytes };
    return { facts, problem: undefined, backend, fixedDropouts };
  }

  async #save(trial: LocalTrial): ReturnType<typeof lookAtCheckpoint> {
    const folder = this.#workshop.makeFolder();
    await trial.save(folder);
    return lookAtCheckpoint(folder);
  }
}

const NOTHING = { facts: undefined, backend: '', fixedDropouts: [] } as const;

function toRef({ path, sha256 }: { path: string; sha256: string }): {
  path: string;
  sha256: string;
  sizeBytes: number;
} {
  return { path, sha256, sizeBytes: 0 };
}
