// The commands as the completion library wants them, made from what the command line itself is made of.

import { type Command as Described, type Complete, RootCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { filesFor } from './files.ts';
import { recordedNames } from './recorded-names.ts';

/** All commands of `program`, with what their options and arguments can be. */
export function describeCommands(program: Command): RootCommand {
  const root = new RootCommand();
  describe(program, root);
  addBelow(root, program, '');
  return root;
}

function addBelow(root: RootCommand, parent: Command, path: string): void {
  for (const command of parent.createHelp().visibleCommands(parent)) {
    const name = `${path}${command.name()}`;
    describe(command, root.command(name, command.description()));
    addBelow(root, command, `${name} `);
  }
}

function describe(command: Command, described: Described): void {
  for (const option of command.createHelp().visibleOptions(command)) addOption(option, described);
  for (const argument of command.registeredArguments) {
    described.argument(argument.name(), (complete) => offer(argument, complete), argument.variadic);
  }
}

function addOption(option: Option, described: Described): void {
  const name = option.long?.slice(2);
  if (name === undefined) return;
  const short = option.short?.slice(1);
  if (option.isBoolean()) described.option(name, option.description, short);
  else described.option(name, option.description, (complete) => offer(option, complete), short);
}

function offer(what: Argument | Option, complete: Complete): void {
  for (const value of valuesOf(what)) complete(value, '');
}

function valuesOf(what: Argument | Option): readonly string[] {
  if (what.argChoices !== undefined) return what.argChoices;
  const name = 'flags' in what ? (/<(.+)>/.exec(what.flags)?.[1] ?? '') : what.name();
  switch (name) {
    case 'sweep':
    case 'trial':
    case 'sweep-or-trial':
      return recordedNames(name);
    case 'file':
    case 'folder':
    case 'backup':
      return filesFor(process.argv.at(-1) ?? '', name === 'file');
    default:
      return [];
  }
}
