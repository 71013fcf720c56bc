// `espalier clone`: adds a trial to a sweep that is another one with some values changed.

import type { Command } from 'commander';
import { toCloneAnswer } from '../domain/control.ts';
import { EspalierError } from '../domain/errors.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { withClient } from './with-client.ts';

type Options = ServerOptions & { readonly json?: true };

/** Adds the command. */
export function addCloneCommand(program: Command): void {
  const command = program
    .command('clone')
    .description('add a trial to a sweep: another one of it with some values changed')
    .argument('<trial>', 'such as digits-lr/7')
    .argument(
      '<change...>',
      'NAME=VALUE, the value as in a sweep file: seed, epochs, learning_rate.FIELD, or a name of the config',
    )
    .addOption(coordinatorOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier clone digits-lr/7 learning_rate.lr=0.02 batch_size=64',
    'espalier clone digits-lr/7 learning_rate.strategy=step learning_rate.lr=0.1 learning_rate.step_size=5   # a strategy of another kind has only the fields that are given',
  );
}

async function run(trial: string, changes: readonly string[], options: Options): Promise<void> {
  if (!trial.includes('/'))
    throw new EspalierError('usage', `${trial} is not a trial: name one such as digits-lr/7`);
  const made = await withClient(options, (client) => client.clone(trial, changes.map(toChange)));
  if (options.json) return printJson({ cloned: made, from: trial });
  print(toCloneAnswer(trial, made));
}

/** @throws EspalierError `usage` */
export function toChange(text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at > 0) return { name: text.slice(0, at).trim(), value: text.slice(at + 1) };
  throw new EspalierError('usage', `received ${text}; a change is written NAME=VALUE`);
}
