// `espalier pause`, `resume`, `retry` and `cancel`: change what becomes of a sweep or of one trial.
// Promise: the answer says how much was changed, and why where nothing was.

import type { Command } from 'commander';
import type { Verb } from '../domain/control.ts';
import { toAnswer, toDone } from '../domain/control.ts';
import type { ServerOptions } from './options.ts';
import { coordinatorOption, jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson } from './output.ts';
import { withClient } from './with-client.ts';

const DESCRIPTIONS: Readonly<Record<Verb, string>> = {
  pause: 'stop a sweep or a trial at the end of its epoch; it can go on later',
  resume: 'let what is paused go on',
  retry: 'try a failed trial again after its last recorded epoch, or all of a sweep',
  cancel: 'end a sweep or a trial for good; what is recorded stays',
};

const VERBS: readonly Verb[] = ['pause', 'resume', 'retry', 'cancel'];

/** Adds the four commands. */
export function addControlCommands(program: Command): void {
  for (const verb of VERBS) {
    const command = program
      .command(verb)
      .description(DESCRIPTIONS[verb])
      .argument('<sweep-or-trial>', 'such as digits-lr or digits-lr/7')
      .addOption(coordinatorOption())
      .addOption(stateOption())
      .addOption(jsonOption())
      .action((target: string, options: Options) => run(verb, target, options));
    withExample(command, `espalier ${verb} digits-lr/7`);
  }
}

type Options = ServerOptions & { readonly json?: true };

async function run(verb: Verb, target: string, options: Options): Promise<void> {
  const [sweepId = ''] = target.split('/');
  const trialId = target.includes('/') ? target : '';
  const trials = await withClient(options, (client) => client[verb](sweepId, trialId));
  if (options.json) return printJson({ [toDone(verb)]: trials });
  print(toAnswer(verb, trialId === '' ? 'sweep' : 'trial', target, trials));
}
