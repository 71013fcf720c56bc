// `espalier logs`: what a trial wrote to standard output and standard error.
// Promise: a pipe gets every byte, a terminal nothing that could drive it.

import type { Command } from 'commander';
import { toPlainLines } from '../domain/plain-text.ts';
import { isOpenState } from '../domain/trial-state.ts';
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
  const { LOG_START } = await import('../results/open-results.ts');
  const show = process.stdout.isTTY ? toTerminalText() : (data: Uint8Array): Uint8Array => data;
  await withResults(options, async (results) => {
    let place = LOG_START;
    for (;;) {
      // Looked up before the log is read, so that what a trial writes last is not missed.
      const { state } = findTrial(results, trialId);
      place = printFrom(results, trialId, place, show);
      if (!options.follow || !isOpenState(state)) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

function printFrom(
  results: Results,
  trialId: string,
  place: LogPlace,
  show: (data: Uint8Array) => string | Uint8Array,
): LogPlace {
  let latest = place;
  for (const row of results.logs(trialId, place)) {
    const isOther = row.attempt !== latest.attempt || row.stage_order !== latest.stage_order;
    if (isOther && row.attempt > 1) note(`--- attempt ${row.attempt}`);
    if (row.dropped_bytes > 0) note(`--- ${row.dropped_bytes} bytes left out`);
    process.stdout.write(show(row.data));
    latest = row;
  }
  return latest;
}

/** Takes one piece after another; a character that is spread over two comes out whole. */
export function toTerminalText(): (data: Uint8Array) => string {
  const decoder = new TextDecoder();
  return (data) => toPlainLines(decoder.decode(data, { stream: true }));
}
