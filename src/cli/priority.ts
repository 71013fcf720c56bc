// `espalier priority`: which sweep gets free slots first.

import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { withClient } from './with-client.ts';

type Options = ServerOptions & { readonly json?: true };

/** As in the sweep file. */
const MOST = 1000;

/** Adds the command. */
export function addPriorityCommand(program: Command): void {
  const command = program
    .command('priority')
    .description('change which sweep gets free slots first; what trains goes on')
    .argument('<sweep>', 'such as digits-lr')
    .argument(
      '<n>',
      `the higher one goes first, from -${MOST} to ${MOST}; 0 unless said`,
      toPriority,
    )
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier priority digits-lr 10', 'espalier priority digits-lr -- -5');
}

async function run(sweepId: string, priority: number, options: Options): Promise<void> {
  const trials = await withClient(options, (client) => client.prioritise(sweepId, priority));
  if (options.json) return printJson({ sweep_id: sweepId, priority, trials });
  print(toAnswer(sweepId, priority, trials));
}

function toAnswer(sweepId: string, priority: number, trials: number): string {
  return trials === 0
    ? `${sweepId}: nothing changed, it had priority ${priority} already or has no trial left to train`
    : `${sweepId}: priority ${priority}, for the next free slots`;
}

function toPriority(text: string): number {
  const n = Number(text);
  if (text.trim() !== '' && Number.isInteger(n) && Math.abs(n) <= MOST) return n;
  throw new InvalidArgumentError(`It must be a whole number from -${MOST} to ${MOST}.`);
}
