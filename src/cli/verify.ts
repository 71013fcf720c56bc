// `espalier verify`: trials trained again, alone from scratch, on this machine, and compared with what is recorded.
// Promise: the database is only read, and the status says whether every number is the same.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { WorkshopOptions } from '../../agent/verify/verify-trials.ts';
import type { Comparison } from '../domain/comparison.ts';
import { EspalierError } from '../domain/errors.ts';
import type { Results } from '../results/open-results.ts';
import type { Records } from '../results/recorded-trial.ts';
import { statePaths } from '../storage/state-folder.ts';
import type { StateOption, TimeoutOptions } from './options.ts';
import {
  jsonOption,
  SLOTS_MOST,
  stateOption,
  timeoutOptions,
  wholeNumber,
  withExample,
} from './options.ts';
import { note } from './output.ts';
import { ProgressLine } from './progress-line.ts';
import { VerifyReport } from './verify-report.ts';
import { findSweep, findTrial, withResults } from './with-results.ts';

type Options = StateOption &
  TimeoutOptions & { readonly json?: true; readonly slots?: number | undefined };

/** Adds the command. */
export function addVerifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .description('train trials again, alone from scratch, and compare bit for bit with the record')
    .argument('<sweep>', 'the sweep, or a trial such as digits-lr/7')
    .argument('[trials...]', 'numbers of trials (default: all that have recorded epochs)')
    .addOption(
      new Option('--slots <n>', 'trials to train at a time (default: half the cores)').argParser(
        wholeNumber(1, SLOTS_MOST),
      ),
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (sweep: string, trials: readonly string[], options: Options) =>
      runVerify(sweep, trials, options),
    );
  for (const option of timeoutOptions()) command.addOption(option);
  withExample(
    command,
    'espalier verify digits-lr          # status 0: every number is the same; 9: some are not',
    'espalier verify digits-lr 7 12 --slots 2',
  );
}

/**
 * Verifies and prints; `settings` are for tests.
 * @throws EspalierError `differs`, `trials-failed` or `unavailable`, the first that is true of a trial; and as `verifyTrials` does
 */
export async function runVerify(
  sweep: string,
  trials: readonly string[],
  options: Options,
  settings: Partial<WorkshopOptions> = {},
): Promise<void> {
  const { openRecords } = await import('../results/recorded-trial.ts');
  await withResults(options, async (results) => {
    const [sweepId, trialIds] = findTrials(results, sweep, trials);
    const records = openRecords(statePaths(options.state).database);
    try {
      await verify({ records, sweepId, trialIds, options, settings });
    } finally {
      records.close();
    }
  });
}

type Work = {
  readonly records: Records;
  readonly sweepId: string;
  readonly trialIds: readonly string[];
  readonly options: Options;
  readonly settings: Partial<WorkshopOptions>;
};

async function verify({ records, sweepId, trialIds, options, settings }: Work): Promise<void> {
  const { verifyTrials } = await import('../../agent/verify/verify-trials.ts');
  const progress = new ProgressLine();
  const report = new VerifyReport(sweepId, trialIds, options.json ?? false);
  const epochs = trialIds.reduce((sum, id) => sum + records.trial(id).recordedEpochs, 0);
  if (epochs === 0)
    throw new EspalierError(
      'not-found',
      `no trial of ${sweepId} that was asked for has a recorded epoch`,
    );
  let done = 0;
  const tell = (): void =>
    progress.show(`${report.count} of ${trialIds.length} trials, ${done} of ${epochs} epochs`);
  const work = {
    records,
    sweepId,
    trialIds,
    blobs: statePaths(options.state).blobs,
    slots: options.slots,
    onEpoch: (): void => {
      done += 1;
      tell();
    },
    onCompared: (trialId: string, comparison: Comparison): void => {
      progress.clear();
      report.add(trialId, comparison);
      tell();
    },
  };
  tell();
  try {
    await verifyTrials(work, { ...toSettings(options), ...settings });
  } finally {
    progress.clear();
  }
  report.end();
}

function toSettings({ openTimeout, epochTimeout }: TimeoutOptions): WorkshopOptions {
  return {
    log: note,
    ...(openTimeout !== undefined && { openedMs: openTimeout * 1000 }),
    ...(epochTimeout !== undefined && { epochMs: epochTimeout * 1000 }),
  };
}

/** The sweep's id and those of the trials that were named, or of all; each once. */
function findTrials(
  results: Results,
  sweep: string,
  names: readonly string[],
): readonly [string, readonly string[]] {
  const [id = ''] = sweep.split('/');
  const { sweep_id } = findSweep(results, id);
  const wanted = sweep === id ? names : [sweep, ...names];
  if (wanted.length === 0)
    return [sweep_id, results.trials(sweep_id).map(({ trial_id }) => trial_id)];
  const found = wanted.map((name) => findTrial(results, name, sweep_id));
  const foreign = found.find((trial) => trial.sweep_id !== sweep_id);
  if (foreign === undefined) return [sweep_id, [...new Set(found.map((row) => row.trial_id))]];
  throw new EspalierError('usage', `${foreign.trial_id} is not a trial of ${sweep_id}`);
}
