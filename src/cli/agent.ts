// `espalier agent`: attaches this host to a coordinator, in the foreground.

import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { ServerOptions } from './options.ts';
import { addressOf, coordinatorOption, stateOption, wholeNumber, withExample } from './options.ts';
import { note } from './output.ts';

type Options = ServerOptions & {
  readonly name: string;
  readonly slots?: number;
  readonly agentState?: string;
  readonly withParent?: true;
};

/** Adds the command. */
export function addAgentCommand(program: Command): void {
  const command = program
    .command('agent')
    .description('attach this host: one slot for each GPU, or some for the CPU')
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .option('--agent-state <folder>', "the agent's own folder (default: agent in the state folder)")
    .option('--name <name>', 'how people know this agent', hostname())
    .addOption(
      new Option(
        '--slots <n>',
        'CPU slots to offer where there is no GPU (default: half the cores)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(new Option('--with-parent', 'end when standard input ends').hideHelp())
    .action(run);
  withExample(
    command,
    'espalier agent --coordinator gpu-head:7700',
    'espalier agent --slots 2 --agent-state /tmp/second-agent',
  );
}

async function run(options: Options): Promise<void> {
  const { runAgent } = await import('../../agent/main.ts');
  const { createLog } = await import('./log.ts');
  const state = options.agentState ?? join(options.state, 'agent');
  const drain = new AbortController();
  const stop = new AbortController();
  const onSignal = (): void => (drain.signal.aborted ? stop : drain).abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (options.withParent)
    process.stdin
      .once('end', () => stop.abort())
      .once('close', () => stop.abort())
      .resume();
  const { name, slots } = options;
  const log = createLog('agent', join(state, 'agent.log'), note);
  try {
    await runAgent({
      coordinator: addressOf(options),
      state,
      name,
      ...(slots === undefined ? {} : { slots }),
      drain: drain.signal,
      stop: stop.signal,
      log,
    });
  } finally {
    process.stdin.destroy();
  }
}
