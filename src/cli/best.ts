// `espalier best`: the settings of a sweep, best median over seeds first; as JSON also every trial.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, wholeNumber, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { findSweep, withResults } from './with-results.ts';

type Options = StateOption & { readonly json?: true; readonly top: number };

/** Adds the command. */
export function addBestCommand(program: Command): void {
  const command = program
    .command('best')
    .description('rank the settings of a sweep by their median over seeds')
    .argument('<sweep>')
    .addOption(new Option('--top <n>', 'how many to show').argParser(wholeNumber(1)).default(10))
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier best digits-lr --top 5');
}

async function run(sweepId: string, options: Options): Promise<void> {
  const { leaderboardLines } = await import('./leaderboard.ts');
  const { summarise } = await import('../results/summary.ts');
  await withResults(options, (results) => {
    const sweep = findSweep(results, sweepId);
    const rows = results.leaderboard(sweepId);
    if (options.json)
      return printJson({ sweep_id: sweepId, settings: summarise(rows, sweep.mode), trials: rows });
    for (const line of leaderboardLines(sweep, rows, options.top, process.stdout.columns))
      print(line);
  });
}
