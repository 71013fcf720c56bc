// `espalier report`: a sweep as one HTML file that needs nothing else: the answer, plots, every trial, how to reproduce it.

import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import { placing } from '../export/place.ts';
import { formatBytes } from '../dashboard/frame/number.ts';
import { statePaths } from '../storage/state-folder.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { findSweep, withResults } from './with-results.ts';

type Options = StateOption & {
  readonly output?: string;
  readonly force?: true;
  readonly json?: true;
};

/** How a report begins, so that one takes the place of another unasked. */
const IS_REPORT = /<meta name="generator" content="Espalier">/;

/** Adds the command. */
export function addReportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('write a sweep as one HTML file: who won and how sure that is, plots, every trial')
    .argument('<sweep>')
    .addOption(new Option('-o, --output <file>', 'where to write it (default: SWEEP.html)'))
    .addOption(new Option('--force', 'write over a file that is no report'))
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(async (sweep: string, options: Options) => run(program, sweep, options));
  withExample(command, 'espalier report digits -o digits.html');
}

async function run(program: Command, sweepId: string, options: Options): Promise<void> {
  await withResults(options, (results) => findSweep(results, sweepId));
  const [{ readSweepRows }, { toReport }, { toPage }, { loadAssets }] = await Promise.all([
    import('../results/sweep-rows.ts'),
    import('../report/to-report.ts'),
    import('../report/html/page.ts'),
    import('../report/load-assets.ts'),
  ]);
  const assets = await loadAssets();
  const rows = readSweepRows(statePaths(options.state).database, sweepId);
  const making = {
    nowMs: Date.now(),
    version: program.version() ?? '',
    node: process.versions.node,
  };
  const data = toReport(rows, making);
  const file = options.output ?? `${sweepId}.html`;
  const page = toPage(data, assets);
  const mayReplace = options.force === true || (await isReport(file));
  await placing(file, 'file', mayReplace, async (partial) => {
    await writeFile(partial, page);
    return {};
  });
  const size = Buffer.byteLength(page);
  if (options.json)
    return printJson({ sweep_id: sweepId, file, size_bytes: size, left_out: data.leftOut });
  print(`${file}: ${data.trials.length} trials, ${formatBytes(size)}`);
  for (const words of data.leftOut) print(words);
}

async function isReport(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return IS_REPORT.test(text.slice(0, 4096));
}
