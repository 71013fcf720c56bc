// `espalier agent`: attaches this host to a coordinator, in the foreground.

import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import type { ServerOptions, TimeoutOptions } from './options.ts';
import {
  addressOf,
  coordinatorOption,
  stateOption,
  timeoutOptions,
  wholeNumber,
  withExample,
  SLOTS_MOST,
} from './options.ts';
import { note } from './output.ts';
import { listenForParent, withParentOption } from './with-parent.ts';

type Options = ServerOptions &
  TimeoutOptions & {
    readonly name: string;
    readonly slots?: number;
    readonly agentState?: string;
    readonly join?: string;
    readonly token?: string;
    readonly insecure?: true;
    readonly withParent?: true;
  };

/** Adds the command. */
export function addAgentCommand(program: Command): void {
  const command = program
    .command('agent')
    .description('attach this host: one slot for each GPU, or some for the CPU')
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(
      new Option(
        '--join <host:port>',
        'be let in at this coordinator; later --coordinator will do',
      ).conflicts('coordinator'),
    )
    .option('--token <token>', 'what lets it in: "espalier token create" prints it')
    .option('--insecure', 'work also for a coordinator without TLS on another machine')
    .option('--agent-state <folder>', "the agent's own folder (default: agent in the state folder)")
    .option('--name <name>', 'how people know this agent', hostname())
    .addOption(
      new Option(
        '--slots <n>',
        'CPU slots to offer where there is no GPU (default: half the cores)',
      ).argParser(wholeNumber(1, SLOTS_MOST)),
    )
    .addOption(withParentOption())
    .action(run);
  for (const option of timeoutOptions()) command.addOption(option);
  withExample(
    command,
    'espalier agent --join gpu-head:7700 --token esp1.…   # once, as "espalier token create" prints it',
    'espalier agent --coordinator gpu-head:7700           # from then on',
    'espalier agent --slots 2 --agent-state /tmp/second-agent',
  );
}

async function run(options: Options): Promise<void> {
  const { listenForSignals, runAgent } = await import('../../agent/main.ts');
  const { createLog } = await import('./log.ts');
  const state = options.agentState ?? join(options.state, 'agent');
  const log = createLog('agent', join(state, 'agent.log'), note);
  const { drain, stop, dispose } = listenForSignals(log);
  const parent = options.withParent ? listenForParent() : undefined;
  try {
    await runAgent({
      ...toCoordinator(options),
      insecure: options.insecure ?? false,
      state,
      name: options.name,
      ...(options.slots === undefined ? {} : { slots: options.slots }),
      ...toLimits(options),
      drain,
      stop: parent === undefined ? stop : AbortSignal.any([stop, parent.gone]),
      log,
    });
  } finally {
    parent?.release();
    dispose();
  }
}

function toCoordinator({ join: address, token, ...options }: Options): {
  readonly coordinator: string;
  readonly token?: string;
} {
  if ((address === undefined) !== (token === undefined))
    throw new EspalierError('usage', '--join and --token go together: one line has both');
  if (address === undefined || token === undefined) return { coordinator: addressOf(options) };
  return { coordinator: address, token };
}

/** Only what was given: everything else has its default in the agent. */
function toLimits({ openTimeout, epochTimeout }: TimeoutOptions): {
  readonly openedMs?: number;
  readonly epochMs?: number;
} {
  return {
    ...(openTimeout === undefined ? {} : { openedMs: openTimeout * 1000 }),
    ...(epochTimeout === undefined ? {} : { epochMs: epochTimeout * 1000 }),
  };
}
