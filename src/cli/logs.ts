// `espalier logs`: what a trial wrote to standard output and standard error.
// Promise: a pipe gets every byte, a terminal nothing that could drive it.

import type { Command } from 'commander';
import { toPlainLines } from '../domain/plain-text.ts';
import { isOpenState } from '../domain/trial-state.ts';
import type { LogPlace, LogRow, Results } from '../results/open-results.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { note, printExactly, toJsonText } from './output.ts';
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
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier logs digits-lr/7 -f',
    'espalier logs digits-lr/7 --json   # an object a line: stage, attempt, place, text',
  );
}

async function run(
  trialId: string,
  options: StateOption & { readonly follow?: true; readonly json?: true },
): Promise<void> {
  const { LOG_START } = await import('../results/open-results.ts');
  const print = options.json ? recordPrinter() : textPrinter();
  await withResults(options, async (results) => {
    let place = LOG_START;
    for (;;) {
      // Looked up before the log is read, so that what a trial writes last is not missed.
      const { state } = findTrial(results, trialId);
      place = printFrom(results, trialId, place, print);
      if (!options.follow || !isOpenState(state)) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

/** Prints a piece; `isOther`: it is the first of an attempt. */
type Print = (row: LogRow, isOther: boolean) => void;

function printFrom(results: Results, trialId: string, place: LogPlace, print: Print): LogPlace {
  let latest = place;
  for (const row of results.logs(trialId, place)) {
    print(row, row.attempt !== latest.attempt || row.stage_order !== latest.stage_order);
    latest = row;
  }
  return latest;
}

function textPrinter(): Print {
  const show = process.stdout.isTTY ? toTerminalText() : (data: Uint8Array): Uint8Array => data;
  return (row, isOther) => {
    if (isOther && row.attempt > 1) note(`--- attempt ${row.attempt}`);
    if (row.dropped_bytes > 0) note(`--- ${row.dropped_bytes} bytes left out`);
    process.stdout.write(show(row.data));
  };
}

function recordPrinter(): Print {
  let decoder = new TextDecoder();
  return ({ stage_id, attempt, offset_bytes, dropped_bytes, data }, isOther) => {
    if (isOther) decoder = new TextDecoder();
    const text = decoder.decode(data, { stream: true });
    printExactly(toJsonText({ stage_id, attempt, offset_bytes, dropped_bytes, text }));
  };
}

/** Takes one piece after another; a character that is spread over two comes out whole. */
export function toTerminalText(): (data: Uint8Array) => string {
  const decoder = new TextDecoder();
  return (data) => toPlainLines(decoder.decode(data, { stream: true }));
}
