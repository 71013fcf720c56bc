// `espalier completion SHELL` prints what makes a shell complete commands, options, sweeps, trials and files; the shell then
// asks `espalier complete`. Promise: what cannot be known, such as sweeps where no database is, is completed by nothing.

import type { RootCommand } from '@bomb.sh/tab';
import { Argument, type Command } from 'commander';
import { withExample } from './options.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** Adds both commands. */
export function addCompletionCommands(program: Command): void {
  const completion = program
    .command('completion')
    .description('print a script that completes commands, options, sweeps and trials in a shell')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action(async (shell: string) =>
      (await describe(program)).setup('espalier', 'espalier', shell),
    );
  withExample(
    completion,
    'source <(espalier completion bash)     # in ~/.bashrc; zsh alike',
    'espalier completion fish | source      # in ~/.config/fish/config.fish',
  );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => (await describe(program)).parse([...words]));
}

async function describe(program: Command): Promise<RootCommand> {
  const { describeCommands } = await import('./completion/describe-commands.ts');
  return describeCommands(program);
}
