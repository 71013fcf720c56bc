// `espalier watch`: the dashboard, in a process of its own. Without a terminal it prints plain lines.

import type { Command } from 'commander';
import { Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { canDraw } from './can-draw.ts';
import { openAs } from './connection.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, stateOption, withExample } from './options.ts';
import type { NearSource, WatchSource } from '../dashboard/follow.ts';
import type { PlainOptions } from '../dashboard/plain.ts';
import { print } from './output.ts';

type Options = ServerOptions & { readonly plain?: true; readonly untilEnded?: true };

/** Adds the command. */
export function addWatchCommand(program: Command): void {
  const command = program
    .command('watch')
    .description('watch sweeps as they run, also from another machine')
    .argument('[sweep]', 'one sweep (default: all)')
    .option('--plain', 'print lines instead of drawing')
    .addOption(new Option('--until-ended', 'end when the sweep has ended'))
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .action(run);
  withExample(command, 'espalier watch digits-lr --coordinator gpu-head:7700');
}

async function run(sweepId: string | undefined, options: Options): Promise<void> {
  const { client, mayOnlyRead } = await openAs(options);
  const source: WatchSource & NearSource = {
    open: (request) => client.watch(request),
    near: (request) => client.watchTrial(request),
  };
  const untilEnded = options.untilEnded ?? false;
  const asked = sweepId === undefined ? {} : { sweepId };
  try {
    if (options.plain || !canDraw()) return await watchPlainly(source, asked, untilEnded);
    const { runDashboard } = await import('../dashboard/run-dashboard.tsx');
    const { stdin, stdout, env } = process;
    const outcome = await runDashboard({
      source,
      control: client,
      mayOnlyRead,
      ...asked,
      stdin,
      stdout,
      env,
      untilEnded,
    });
    if (outcome === 'interrupt') throw new EspalierError('interrupted', '');
  } finally {
    client.close();
  }
}

async function watchPlainly(
  source: PlainOptions['source'],
  asked: { sweepId?: string },
  untilEnded: boolean,
): Promise<void> {
  const { runPlain } = await import('../dashboard/plain.ts');
  await runPlain({ source, ...asked, untilEnded, write: print });
}
