// `espalier ls`: the sweeps in the results database.

import type { Command } from 'commander';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';
import { withResults } from './with-results.ts';

/** Adds the command. */
export function addListCommand(program: Command): void {
  const command = program
    .command('ls')
    .description('list the sweeps')
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier ls');
}

async function run(options: StateOption & { readonly json?: true }): Promise<void> {
  await withResults(options, (results) => {
    const sweeps = results.sweeps();
    if (options.json) return printJson(sweeps);
    if (sweeps.length === 0) return print('no sweeps yet');
    const header = [
      'SWEEP',
      'STATE',
      'TRIALS',
      'PENDING',
      'RUNNING',
      'PAUSED',
      'COMPLETED',
      'FAILED',
      'DIVERGED',
      'CANCELLED',
      'SUBMITTED',
    ];
    const rows = sweeps.map((s) => [
      s.sweep_id,
      s.state,
      s.trials,
      s.pending,
      s.running,
      s.paused,
      s.completed,
      s.failed,
      s.diverged,
      s.cancelled,
      toLocalTime(s.submitted_ms),
    ]);
    for (const line of toTable(header, rows)) print(line);
  });
}

function toLocalTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}
