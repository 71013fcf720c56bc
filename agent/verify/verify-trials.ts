// Trains recorded trials again on this machine, some at a time, each alone and in a process of its own.
// Promise: each trial is compared or said why not, told when it is there; nothing is written but a temporary folder, and nothing is left.

import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '../../src/domain/comparison.ts';
import { EspalierError } from '../../src/domain/errors.ts';
import type { RecordedSweep, RecordedTrial, Records } from '../../src/results/recorded-trial.ts';
import { BACKENDS } from '../../src/trial/backend/select-backend.ts';
import { parseSources } from '../core/assignment.ts';
import { type DeviceSlot, toSlots } from '../device/slots.ts';
import type { Download } from '../state/source-cache.ts';
import { inWorkshop, type Workshop, type WorkshopOptions } from '../workshop.ts';
import { type Retraining, trainAgain } from './train-again.ts';

export type { WorkshopOptions } from '../workshop.ts';

/** What to train again. */
export type Verification = {
  readonly records: Records;
  /** The folder with the sweep's code and data, by content. */
  readonly blobs: string;
  readonly sweepId: string;
  readonly trialIds: readonly string[];
  /** How many at a time; as many as an agent would, unless given. */
  readonly slots?: number | undefined;
  readonly onCompared: (trialId: string, comparison: Comparison) => void;
  /** Called after every epoch of every trial. */
  readonly onEpoch: () => void;
};

/** Backends whose numbers depend on a GPU. */
const ON_GPU: readonly string[] = ['tfjs-node-gpu', 'webgpu'];

/**
 * Trains the trials and compares them.
 * @throws EspalierError `interrupted` after a signal, `not-found` where code or data are gone, `unavailable` where this machine
 * cannot start a process
 */
export async function verifyTrials(work: Verification, options: WorkshopOptions): Promise<void> {
  const sweep = work.records.sweep(work.sweepId);
  const trials = work.trialIds.map((id) => work.records.trial(id));
  const recorded = trials.filter(({ recordedEpochs }) => recordedEpochs > 0);
  for (const { trialId } of trials.filter(({ recordedEpochs }) => recordedEpochs === 0))
    work.onCompared(trialId, { kind: 'unrecorded' });
  if (recorded.length === 0) return;
  await inWorkshop(options, async (workshop) => {
    const sources = await fetchSources(workshop, sweep, work.blobs);
    const lanes = await toLanes(workshop, recorded, work.slots);
    const verifier = new Verifier(work, sweep, sources, workshop);
    const queue = recorded.values();
    await Promise.all(lanes.map((slot) => verifier.drain(queue, slot)));
  });
}

type Fetched = Pick<Retraining['opening'], 'bundle' | 'files'>;

class Verifier {
  readonly #work: Verification;
  readonly #sweep: RecordedSweep;
  readonly #sources: Fetched;
  readonly #workshop: Workshop;
  /** What this host computes with, by the backends that were asked for. */
  readonly #here = new Map<string, string>();

  constructor(work: Verification, sweep: RecordedSweep, sources: Fetched, workshop: Workshop) {
    this.#work = work;
    this.#sweep = sweep;
    this.#sources = sources;
    this.#workshop = workshop;
  }

  /** Takes one trial after another until there is none left. */
  async drain(queue: IterableIterator<RecordedTrial>, slot: DeviceSlot): Promise<void> {
    for (const trial of queue) {
      const backends = toBackends(trial, this.#sweep);
      const comparison =
        this.#knownElsewhere(trial, backends) ?? (await this.#train(trial, backends, slot));
      if (comparison.kind === 'elsewhere') this.#here.set(backends.join(), comparison.here);
      this.#work.onCompared(trial.trialId, comparison);
    }
  }

  #knownElsewhere(trial: RecordedTrial, backends: readonly string[]): Comparison | undefined {
    const here = this.#here.get(backends.join());
    const recorded = trial.numerics.find((numerics) => numerics !== here);
    return here === undefined || recorded === undefined
      ? undefined
      : { kind: 'elsewhere', recorded, here };
  }

  async #train(
    trial: RecordedTrial,
    backends: readonly string[],
    { visibleDevices }: DeviceSlot,
  ): Promise<Comparison> {
    const { records, onEpoch } = this.#work;
    const { objective, mostEpochs: epochs } = this.#sweep;
    const local = await this.#workshop.start(visibleDevices);
    try {
      const comparison = await trainAgain(local, {
        trial,
        objective,
        opening: { ...this.#sources, backends, epochs },
        readEpoch: (epoch) => records.epoch(trial.trialId, epoch),
        onEpoch,
      });
      await local.close();
      this.#workshop.throwIfInterrupted();
      return comparison;
    } finally {
      await local.stop();
    }
  }
}

/** The backend that the trial was trained on first, so that this host takes it where it can. */
function toBackends({ backends }: RecordedTrial, sweep: RecordedSweep): readonly string[] {
  const preferred = sweep.backends.length === 0 ? BACKENDS : sweep.backends;
  return [...new Set([...backends, ...preferred])];
}

async function fetchSources(
  workshop: Workshop,
  { bundle, files }: RecordedSweep,
  blobs: string,
): Promise<Fetched> {
  const sources = parseSources({ bundleSha256: bundle.sha256, files: [...files] });
  return workshop.openSources(readFrom(blobs)).fetch(sources);
}

function readFrom(blobs: string): Download {
  return (sha256) => {
    const path = join(blobs, sha256);
    if (existsSync(path)) return createReadStream(path);
    throw new EspalierError(
      'not-found',
      `the sweep's code or data is not here any more: there is no ${path}`,
    );
  };
}

/** GPUs for trials that were trained on one, where there are any; else shares of the CPU. */
async function toLanes(
  workshop: Workshop,
  trials: readonly RecordedTrial[],
  slots: number | undefined,
): Promise<readonly DeviceSlot[]> {
  const wantsGpu = trials.some(({ backends }) => backends.some((name) => ON_GPU.includes(name)));
  const gpus = wantsGpu ? await workshop.findGpus() : [];
  const lanes = toSlots(gpus, gpus.length > 0 ? undefined : slots);
  return lanes.slice(0, slots ?? lanes.length);
}
