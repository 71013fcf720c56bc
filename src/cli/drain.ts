// `espalier drain`: has an agent hand over what it runs, and leave.

import type { Command } from 'commander';
import { toDrainAnswer } from '../domain/control.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { withClient } from './with-client.ts';

/** Adds the command. */
export function addDrainCommand(program: Command): void {
  const command = program
    .command('drain')
    .description('have an agent hand over what it runs, and leave')
    .argument(
      '<agent>',
      "its name, or its id where several have the name; the dashboard's d shows them",
    )
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(command, 'espalier drain gpu-host-3');
}

async function run(
  agent: string,
  options: ServerOptions & { readonly json?: true },
): Promise<void> {
  const { agentId, trials } = await withClient(options, (client) => client.drain(agent));
  if (options.json) return printJson({ drained: agentId, trials });
  print(toDrainAnswer(agent, trials));
}
