// `espalier backup`: a copy of a coordinator's state that can be restored, made while the coordinator runs or not.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { quote, toStateFlag } from './hint.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { note, print, printJson } from './output.ts';

type Options = StateOption & { readonly json?: true };

/** Adds the command. */
export function addBackupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description("copy a coordinator's database, code, data and checkpoints, also while it runs")
    .argument(
      '<folder>',
      'the new backup; in a folder that is there already, one named after the time',
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      "\nTo be run on the coordinator's machine. Keys and certificates are in it: keep it as secret as the state folder. What agents have on their own disks is not in it.\nOn the disk of the state folder, files that never change are linked and take no space; another disk is safer.",
    )
    .action(run);
  withExample(
    command,
    'espalier backup /mnt/backups   # makes /mnt/backups/espalier-2026-03-01T04-00-00Z',
    'espalier backup before-the-upgrade --state /srv/espalier',
    'espalier restore before-the-upgrade --state /srv/espalier-again',
  );
}

async function run(target: string, options: Options): Promise<void> {
  const { backUp } = await import('../../coordinator/backup/back-up.ts');
  const signal = toInterruption();
  const { state, json } = options;
  const made = await backUp({ state, target: resolve(target), now: new Date(), signal });
  const { folder, manifest, sizeBytes, hasKeys } = made;
  if (json) return printJson({ folder, sizeBytes, ...manifest });
  const { sweeps, trials, epochs } = manifest.marks;
  print(
    `${folder}: ${sweeps} sweeps, ${trials} trials, ${epochs} epochs; ${manifest.files.length} files, ${toSize(sizeBytes)}, checked`,
  );
  if (hasKeys) note("it has the coordinator's keys: whoever reads it is an operator");
  note(`restore it with: espalier restore ${quote(folder)}${toStateFlag(state)} --move-aside`);
}

/** Aborted by Ctrl-C and by SIGTERM, once: what was begun is removed first. */
export function toInterruption(): AbortSignal {
  const interruption = new AbortController();
  const abort = (): void => interruption.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return interruption.signal;
}

function toSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
