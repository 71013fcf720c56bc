// `espalier run`: everything in one. Coordinator, agent and dashboard are processes of their own, as they would be on
// three machines; this command starts them, looks after them, and says at the end what came out.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { StateOption, TimeoutOptions } from './options.ts';
import { stateOption, timeoutOptions, wholeNumber, withExample, SLOTS_MOST } from './options.ts';

type Options = StateOption &
  TimeoutOptions & {
    readonly slots?: number;
    readonly again?: true;
    readonly plain?: true;
  };

/** Adds the command. */
export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description('run a sweep on this machine: coordinator, agent and dashboard in one')
    .argument('<file>', 'the sweep file')
    .addOption(
      new Option(
        '--slots <n>',
        'CPU slots where there is no GPU (default: half the cores)',
      ).argParser(wholeNumber(1, SLOTS_MOST)),
    )
    .option('--again', 'train anew although the same sweep is recorded')
    .option('--plain', 'print lines instead of drawing')
    .addOption(stateOption())
    .action(run);
  for (const option of timeoutOptions()) command.addOption(option);
  withExample(
    command,
    'espalier run examples/digits/sweep.yaml',
    'espalier run sweep.yaml --slots 2 --state results',
  );
}

async function run(file: string, options: Options): Promise<void> {
  const { runSweep } = await import('./run/run-sweep.ts');
  await runSweep(file, options);
}
