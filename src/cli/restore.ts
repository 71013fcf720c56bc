// `espalier restore`: a state folder from a backup. Nothing is deleted, and nothing is started.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toInterruption } from './backup.ts';
import { toStateFlag } from './hint.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { note, print, printJson } from './output.ts';

type Options = StateOption & { readonly moveAside?: true; readonly json?: true };

/** Adds the command. */
export function addRestoreCommand(program: Command): void {
  const command = program
    .command('restore')
    .description('make a state folder of a backup')
    .argument('<backup>', 'a folder that "espalier backup" has made')
    .addOption(stateOption())
    .option('--move-aside', 'rename the state folder first if there is something in it')
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier restore /mnt/backups/espalier-2026-03-01T04-00-00Z --state /srv/espalier',
    'espalier restore before-the-upgrade --move-aside   # keeps what was in .espalier under another name',
  );
}

async function run(backup: string, options: Options): Promise<void> {
  const { restoreBackup } = await import('../../coordinator/backup/restore.ts');
  const signal = toInterruption();
  const { state, moveAside = false, json } = options;
  const restored = await restoreBackup({
    backup: resolve(backup),
    state,
    moveAside,
    now: new Date(),
    signal,
  });
  const { manifest, aside, hasKeys } = restored;
  if (json) return printJson({ state, aside: aside ?? null, ...manifest });
  const { sweeps, trials, epochs } = manifest.marks;
  print(
    `${state} is as it was at ${manifest.createdAt}: ${sweeps} sweeps, ${trials} trials, ${epochs} epochs`,
  );
  if (aside !== undefined) print(`what was there before is in ${aside}`);
  if (hasKeys)
    note(
      `who is let in is as it was, too: those who joined or had a certificate renewed since then join again, and those revoked since are let in: espalier identities${toStateFlag(state)}`,
    );
  const listen = hasKeys ? ' --listen 0.0.0.0:7700' : '';
  note(`start it with: espalier coordinator${listen}${toStateFlag(state)}`);
  note(
    'agents that ran meanwhile tell it what it has forgotten; that is trained again. Sweeps submitted since are to be submitted again',
  );
}
