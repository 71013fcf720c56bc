// `espalier logs`: what a trial wrote to standard output and standard error.

import type { Command } from 'commander';
import type { LogPlace, Results } from '../results/open-results.ts';
import type { StateOption } from './options.ts';
import { stateOption, withExample } from './options.ts';
import { note } from './output.ts';
import { findTrial, withResults } from './with-results.ts';

const POLL_MS = 500;

/** Adds the command. */
export function addLogsCommand(program: Command): void {
  const command = program
    .command('logs')
    .description('print what a trial wrote')
    .argument('<trial>', 'such as digits-lr/7')
    .option('-f, --follow', 'go on until the trial ends')
    .addOption(stateOption())
    .action(run);
  withExample(command, 'espalier logs digits-lr/7 -f');
}

async function run(
  trialId: string,
  options: StateOption & { readonly follow?: true },
): Promise<void> {
  await withResults(options, async (results) => {
    findTrial(results, trialId);
    let place: LogPlace = { stage_id: '', attempt: 0, offset_bytes: -1 };
    for (;;) {
      const hasEnded =
        findTrial(results, trialId).state !== 'running' &&
        findTrial(results, trialId).state !== 'pending';
      place = printFrom(results, trialId, place);
      if (!options.follow || hasEnded) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

function printFrom(results: Results, trialId: string, place: LogPlace): LogPlace {
  let latest = place;
  for (const row of results.logs(trialId, place)) {
    if (row.attempt !== latest.attempt && row.attempt > 1) note(`--- attempt ${row.attempt}`);
    if (row.dropped_bytes > 0) note(`--- ${row.dropped_bytes} bytes left out`);
    process.stdout.write(process.stdout.isTTY ? stripEscapes(row.data.toString('utf8')) : row.data);
    latest = row;
  }
  return latest;
}

/** Keeps lines and tabs, drops what could drive the terminal. */
function stripEscapes(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
