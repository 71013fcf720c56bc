// `espalier lr find`: Smith's learning-rate range test on the trial of a sweep file. Promise: what it trains is thrown away; nothing
// is written but the chart that is asked for, and no server is asked.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import type { WorkshopOptions } from '../../../agent/test-rates.ts';
import { EspalierError } from '../../domain/errors.ts';
import type { SweepSpec } from '../../domain/sweep.ts';
import { STOP_FACTOR } from '../../lr/range-test/divergence.ts';
import { type Ramp, toLearningRates } from '../../lr/range-test/ramp.ts';
import { type TimeoutOptions, withExample } from '../options.ts';
import { note } from '../output.ts';
import { ProgressLine } from '../progress-line.ts';
import type { ChosenConfig } from './find/choose-config.ts';
import type { Measured } from './find/found.ts';
import { addFindOptions, type FindOptions, toRamp } from './find/options.ts';

/** Adds the command to `espalier lr`. */
export function addFindCommand(lr: Command): void {
  const command = lr
    .command('find')
    .description(
      'find a good learning rate: train some steps with rising rates, and look at the loss',
    )
    .argument('<file>', 'the sweep file')
    .action(async (file: string, options: FindOptions) => runFind(file, options));
  addFindOptions(command);
  withExample(
    command,
    'espalier lr find examples/digits/sweep.yaml',
    'espalier lr find sweep.yaml --from 1e-5 --to 1 --steps 300 --set optimizer=adam --svg range.svg',
  );
}

/**
 * Tests and shows; `settings` are for tests.
 * @throws EspalierError `invalid` or `not-found` for a file that is wrong, `usage`, `trials-failed` in the trial's words,
 * `interrupted`, `storage` where the chart cannot be written; and `not-found` when all is shown and no rate is suggested
 */
export async function runFind(
  file: string,
  options: FindOptions,
  settings: Partial<WorkshopOptions> = {},
): Promise<void> {
  const ramp = toRamp(options);
  if (options.svg !== undefined) assertFolder(options.svg);
  const { readSweepFile } = await import('../../submission/prepare-submission.ts');
  const { chooseConfig } = await import('./find/choose-config.ts');
  const { toFound } = await import('./find/found.ts');
  const { showFound } = await import('./find/show-found.ts');
  const { spec } = readSweepFile(file);
  const chosen = chooseConfig(spec, options);
  const measured = await measure({ file, spec, chosen, ramp, options }, settings);
  const found = toFound({ name: spec.name, chosen, ramp, method: options.suggest }, measured);
  await showFound(found, options);
  if (found.rates.kind === 'none') throw new EspalierError('not-found', '');
}

type Work = {
  readonly file: string;
  readonly spec: SweepSpec;
  readonly chosen: ChosenConfig;
  readonly ramp: Ramp;
  readonly options: FindOptions;
};

async function measure(
  { file, spec, chosen, ramp, options }: Work,
  settings: Partial<WorkshopOptions>,
): Promise<readonly Measured[]> {
  const progress = new ProgressLine();
  try {
    progress.show('bundling the module and reading the data');
    const { prepareSubmission } = await import('../../submission/prepare-submission.ts');
    const { toLocalDownload } = await import('../../submission/local-download.ts');
    const { testRates } = await import('../../../agent/test-rates.ts');
    const { bundle, files } = await prepareSubmission(file);
    const { seeds } = options;
    let tested = 0;
    const tell = (): void => progress.show(`range test: ${tested} of ${seeds.length} seeds`);
    const work = {
      bundle,
      files,
      download: toLocalDownload({ bundle, files }),
      config: chosen.config,
      seeds,
      opening: { epochs: Math.max(...spec.epochs), backends: spec.backends },
      learningRates: toLearningRates(ramp),
      stopFactor: STOP_FACTOR,
      onOpened: tell,
      onTested: (): void => {
        tested += 1;
        tell();
      },
    };
    return await testRates(work, { ...toSettings(options), ...settings });
  } finally {
    progress.clear();
  }
}

function toSettings({ openTimeout, epochTimeout }: TimeoutOptions): WorkshopOptions {
  return {
    log: note,
    ...(openTimeout !== undefined && { openedMs: openTimeout * 1000 }),
    ...(epochTimeout !== undefined && { epochMs: epochTimeout * 1000 }),
  };
}

/** What can be known of it before the test, which takes its time. */
function assertFolder(file: string): void {
  if (existsSync(dirname(file))) return;
  throw new EspalierError('storage', `--svg: there is no folder ${dirname(file)}`);
}
