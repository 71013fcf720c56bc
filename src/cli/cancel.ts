// `espalier cancel`: ends a sweep or a trial for good.

import type { Command } from 'commander';
import type { ServerOptions } from './options.ts';
import { addressOf, coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';

/** Adds the command. */
export function addCancelCommand(program: Command): void {
  const command = program
    .command('cancel')
    .description('end a sweep or a trial for good; what is recorded stays')
    .argument('<sweep-or-trial>', 'such as digits-lr or digits-lr/7')
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier cancel digits-lr/7');
}

async function run(
  target: string,
  options: ServerOptions & { readonly json?: true },
): Promise<void> {
  const { SweepClient } = await import('../wire/sweep-client.ts');
  const client = new SweepClient(addressOf(options));
  try {
    const [sweepId = ''] = target.split('/');
    const trials = await client.cancel(sweepId, target.includes('/') ? target : '');
    if (options.json) return printJson({ cancelled: trials });
    return print(
      trials === 0
        ? `${target} had ended already`
        : `${target}: ${trials} ${trials === 1 ? 'trial' : 'trials'} cancelled`,
    );
  } finally {
    client.close();
  }
}
