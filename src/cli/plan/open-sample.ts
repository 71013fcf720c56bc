// Opens some of a sweep's configs on this machine for its plan. Promise: a sweep that cannot be opened is planned all the same, with
// the reason.

import type { WorkshopOptions } from '../../../agent/open-configs.ts';
import { EspalierError, type ErrorCode } from '../../domain/errors.ts';
import type { SweepSpec } from '../../domain/sweep.ts';
import type { ConfigSample, FamiliesOfConfig, OpenedConfig } from '../../plan/config-sample.ts';
import type { PreparedSubmission } from '../../submission/prepare-submission.ts';
import { note } from '../output.ts';
import { ProgressLine } from '../progress-line.ts';

export type { WorkshopOptions } from '../../../agent/open-configs.ts';

/** What was found out. */
export type OpenedSample = {
  readonly families: readonly FamiliesOfConfig[];
  readonly samples: readonly ConfigSample[];
  /** As many as were tried, in the order of the samples. */
  readonly opened: readonly OpenedConfig[];
  /** Slots of this machine; nothing where none was looked for. */
  readonly slots: number | undefined;
  /** Why none could be tried. */
  readonly problem: { readonly code: ErrorCode; readonly message: string } | undefined;
};

/** Opens a sample. @throws EspalierError `interrupted` after a signal */
export async function openSample(
  file: string,
  spec: SweepSpec,
  settings: Partial<WorkshopOptions>,
): Promise<OpenedSample> {
  const { sampleConfigs, toFamilies } = await import('../../plan/config-sample.ts');
  const samples = sampleConfigs(spec);
  const found = await tryAll(file, spec, samples, settings);
  return { ...found, samples, families: toFamilies(spec, samples, found.opened) };
}

type Found = Pick<OpenedSample, 'opened' | 'slots' | 'problem'>;

async function tryAll(
  file: string,
  spec: SweepSpec,
  samples: readonly ConfigSample[],
  settings: Partial<WorkshopOptions>,
): Promise<Found> {
  const progress = new ProgressLine();
  try {
    progress.show('bundling the module and reading the data');
    const { prepareSubmission } = await import('../../submission/prepare-submission.ts');
    const prepared = await prepareSubmission(file);
    return { ...(await open(prepared, spec, samples, settings, progress)), problem: undefined };
  } catch (error) {
    if (!(error instanceof EspalierError) || error.code === 'interrupted') throw error;
    const { code, message } = error;
    return { opened: [], slots: undefined, problem: { code, message } };
  } finally {
    progress.clear();
  }
}

async function open(
  { bundle, files }: PreparedSubmission,
  { epochs, seeds, backends }: SweepSpec,
  samples: readonly ConfigSample[],
  settings: Partial<WorkshopOptions>,
  progress: ProgressLine,
): Promise<Pick<Found, 'opened' | 'slots'>> {
  const { openConfigs } = await import('../../../agent/open-configs.ts');
  const { toLocalDownload } = await import('../../submission/local-download.ts');
  const work = {
    bundle,
    files,
    download: toLocalDownload({ bundle, files }),
    configs: samples.map(({ trial }) => trial.config),
    opening: { seed: seeds[0] ?? 1, epochs: Math.max(...epochs), backends },
    onOpen: (index: number): void =>
      progress.show(`opening config ${index + 1} of ${samples.length}`),
  };
  return openConfigs(work, { log: note, ...settings });
}
