// Range tests of one config with several seeds, on this machine: each in a process of its own, as many at a time as there are slots.
// Promise: what is trained is thrown away; the user's files are only read, and nothing is left.

import { EspalierError } from '../src/domain/errors.ts';
import type { Config } from '../src/domain/sweep.ts';
import { parseSources } from './core/assignment.ts';
import { type DeviceSlot, toSlots } from './device/slots.ts';
import type { Opening, RangeTested } from './local-trial.ts';
import type { Download } from './state/source-cache.ts';
import { inWorkshop, type Workshop, type WorkshopOptions } from './workshop.ts';

export type { WorkshopOptions } from './workshop.ts';

/** What to test. */
export type RatesToTest = {
  readonly bundle: { readonly sha256: string };
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly download: Download;
  readonly config: Config;
  readonly seeds: readonly number[];
  readonly opening: Pick<Opening, 'epochs' | 'backends'>;
  /** One for each step, in rising order. */
  readonly learningRates: readonly number[];
  readonly stopFactor: number;
  /** Called when a seed is opened, and again when it is tested. */
  readonly onOpened: (seed: number) => void;
  readonly onTested: (seed: number) => void;
};

/** What one seed came to. */
export type SeedTested = RangeTested & {
  readonly seed: number;
  readonly stepsPerEpoch: number;
  readonly backend: string;
};

/**
 * Tests each seed; the results are in the order of the seeds, and the same bits every time.
 * @throws EspalierError `trials-failed` in the trial's words as soon as one fails, `interrupted` after a signal, `unavailable`
 * where this machine cannot start a process
 */
export async function testRates(
  work: RatesToTest,
  options: WorkshopOptions,
): Promise<readonly SeedTested[]> {
  return inWorkshop(options, async (workshop) => {
    const files = work.files.map((file) => ({ ...file, sizeBytes: 0 }));
    const sources = parseSources({ bundleSha256: work.bundle.sha256, files });
    const paths = await workshop.openSources(work.download).fetch(sources);
    const slots = toSlots(await workshop.findGpus()).slice(0, work.seeds.length);
    const queue = work.seeds.entries();
    const tested: SeedTested[] = [];
    const drain = async (slot: DeviceSlot): Promise<void> => {
      for (const [index, seed] of queue)
        tested[index] = await testSeed(workshop, slot, { ...work, ...paths, seed });
    };
    await Promise.all(slots.map(drain));
    return tested;
  });
}

type SeedToTest = Omit<RatesToTest, 'bundle' | 'files'> &
  Pick<Opening, 'bundle' | 'files' | 'seed'>;

async function testSeed(
  workshop: Workshop,
  { visibleDevices }: DeviceSlot,
  { bundle, files, seed, config, opening, ...work }: SeedToTest,
): Promise<SeedTested> {
  const local = await workshop.start(visibleDevices);
  try {
    const opened = await local.open({ bundle, files, config, seed, ...opening });
    const { steps_per_epoch: stepsPerEpoch, backend } = opened;
    work.onOpened(seed);
    const { learningRates, stopFactor } = work;
    const tested = await local.rangeTest({ learningRates, stopFactor, stepsPerEpoch });
    await local.close();
    workshop.throwIfInterrupted();
    work.onTested(seed);
    return { ...tested, seed, stepsPerEpoch, backend };
  } catch (error) {
    workshop.throwIfInterrupted();
    throw withSeed(error, seed);
  } finally {
    await local.stop();
  }
}

function withSeed(error: unknown, seed: number): unknown {
  if (!(error instanceof EspalierError) || error.code !== 'trials-failed') return error;
  return new EspalierError(error.code, `seed ${seed}: ${error.message}`, { cause: error });
}
