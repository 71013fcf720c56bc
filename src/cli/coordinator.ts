// `espalier coordinator`: the server, in the foreground.

import { hostname } from 'node:os';
import type { Command } from 'commander';
import { Option } from 'commander';
import { toJoinAddress, toStateFlag } from './hint.ts';
import type { StateOption } from './options.ts';
import { parseListen, stateOption, withExample } from './options.ts';
import { note } from './output.ts';
import { listenForParent, withParentOption } from './with-parent.ts';

type Options = StateOption & {
  readonly listen: { readonly host: string; readonly port: number };
  readonly insecure?: true;
  readonly limit?: readonly string[];
  readonly withParent?: true;
};

/** Adds the command. */
export function addCoordinatorCommand(program: Command): void {
  const command = program
    .command('coordinator')
    .description('run the server that schedules trials and records results')
    .addOption(
      new Option('--listen <host:port>', 'address to listen on; port 0 takes any free one')
        .argParser(parseListen)
        .default({ host: '127.0.0.1', port: 7700 }, '127.0.0.1:7700'),
    )
    .addOption(stateOption())
    .option('--insecure', 'let in whoever can reach it, without TLS')
    .addOption(
      new Option(
        '--limit <name=number>',
        'another limit than the default; see docs/limits.md',
      ).argParser((text, before: readonly string[] | undefined) => [...(before ?? []), text]),
    )
    .addOption(withParentOption())
    .action(run);
  withExample(
    command,
    'espalier coordinator',
    'espalier coordinator --listen 0.0.0.0:7700   # for other machines: with TLS',
  );
}

async function run(options: Options): Promise<void> {
  const { startCoordinator } = await import('../../coordinator/main.ts');
  const { parseLimits } = await import('../../coordinator/core/parse-limits.ts');
  const { createLog } = await import('./log.ts');
  const { statePaths } = await import('../storage/state-folder.ts');
  const log = createLog('coordinator', statePaths(options.state).log, note);
  const { listen, state, insecure = false } = options;
  const limits = parseLimits(options.limit ?? []);
  const coordinator = await startCoordinator({ listen, state, insecure, limits, log });
  const stop = (): void => void coordinator.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const parent = options.withParent ? listenForParent() : undefined;
  parent?.gone.addEventListener('abort', stop);
  if (parent === undefined) note(toHint(coordinator, state, insecure));
  try {
    await coordinator.ended;
  } finally {
    parent?.release();
  }
}

function toHint(
  { address, isProtected }: { readonly address: string; readonly isProtected: boolean },
  state: string,
  insecure: boolean,
): string {
  if (isProtected)
    return `let an agent in with the line that this prints: espalier token create${toStateFlag(state)}`;
  const flag = insecure ? ' --insecure' : '';
  return `attach an agent with: espalier agent --coordinator ${toJoinAddress(address, hostname())}${flag}`;
}
