// `espalier submit`: hands a sweep to a running coordinator.

import type { Command } from 'commander';
import { openClient } from './connection.ts';
import { toCoordinatorFlag, toStateFlag } from './hint.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';

type Options = ServerOptions & { readonly again?: true; readonly json?: true };

/** Adds the command. */
export function addSubmitCommand(program: Command): void {
  const command = program
    .command('submit')
    .description('hand a sweep to a running coordinator')
    .argument('<file>', 'the sweep file')
    .option('--again', 'train anew although the same sweep is recorded')
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier submit examples/digits/sweep.yaml');
}

async function run(file: string, options: Options): Promise<void> {
  const { prepareSubmission } = await import('../submission/prepare-submission.ts');
  const { submit } = await import('../submission/submit.ts');
  const { checkOwnStrategies } = await import('./check-own-strategies.ts');
  const prepared = await prepareSubmission(file);
  await checkOwnStrategies(prepared);
  const client = await openClient(options);
  try {
    const { sweepId, trials, state, existing } = await submit(
      client,
      prepared,
      options.again ?? false,
    );
    if (options.json) return printJson({ sweep_id: sweepId, trials, state, existing });
    print(
      existing
        ? `${sweepId} is the same sweep and is ${state}; --again trains it anew`
        : `${sweepId}: ${trials} trials submitted`,
    );
    const where = toCoordinatorFlag(options.coordinator) || toStateFlag(options.state);
    return print(`watch it with: espalier watch ${sweepId}${where}`);
  } finally {
    client.close();
  }
}
