// `espalier priority`: which sweep gets free slots first, or which trial of a sweep.

import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { toPriorityAnswer } from '../domain/control.ts';
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
    .description(
      'change which sweep gets free slots first, or which trial of a sweep; what trains goes on',
    )
    .argument('<sweep-or-trial>', 'such as digits-lr or digits-lr/7')
    .argument(
      '<n>',
      `from -${MOST} to ${MOST}: the higher one goes first; 0 unless somebody has said otherwise`,
      toPriority,
    )
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier priority digits-lr 10       # before all other sweeps',
    'espalier priority digits-lr/7 1      # before the other trials of its sweep',
    'espalier priority digits-lr -5       # behind all others',
  );
}

async function run(target: string, priority: number, options: Options): Promise<void> {
  const [sweepId = ''] = target.split('/');
  const trialId = target.includes('/') ? target : '';
  const trials = await withClient(options, (client) =>
    client.prioritise(sweepId, priority, trialId),
  );
  const of = trialId === '' ? { sweep_id: sweepId } : { sweep_id: sweepId, trial_id: trialId };
  if (options.json) return printJson({ ...of, priority, trials });
  print(toPriorityAnswer(trialId === '' ? 'sweep' : 'trial', target, priority, trials));
}

function toPriority(text: string): number {
  const n = Number(text);
  if (text.trim() !== '' && Number.isInteger(n) && Math.abs(n) <= MOST) return n;
  throw new InvalidArgumentError(`It must be a whole number from -${MOST} to ${MOST}.`);
}
