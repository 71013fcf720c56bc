// `espalier login`: lets this account in at a coordinator, for submit, watch and all the others.

import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { withExample } from '../options.ts';
import { print } from '../output.ts';

type Options = { readonly join: string; readonly token: string; readonly name: string };

/** Adds the command. */
export function addLoginCommand(program: Command): void {
  const command = program
    .command('login')
    .description('let this account in at a coordinator, with the line that was printed there')
    .requiredOption('--join <host:port>', 'the coordinator')
    .requiredOption('--token <token>', 'what "espalier token create --kind operator" printed')
    .option('--name <name>', 'how you are known there, unless the token says it', toOwnName())
    .action(run);
  withExample(command, 'espalier login --join gpu-head:7700 --token esp1.…');
}

async function run({ join: address, token, name }: Options): Promise<void> {
  const { joinCoordinator } = await import('../../wire/join.ts');
  const { keepCredential, personalFolder } = await import('../../pki/credential-folder.ts');
  const applicant = { address, token, role: 'person', agentId: '', name } as const;
  const credential = await joinCoordinator(applicant);
  const path = keepCredential(personalFolder(process.env), address, credential);
  print(`${address} knows you as ${credential.kind} ${credential.id}; your key is in ${path}`);
  print(`see what runs with: espalier watch --coordinator ${address}`);
}

function toOwnName(): string {
  return `${userInfo().username}@${hostname()}`.replaceAll(/[^\w@.+-]/g, '-').slice(0, 100);
}
