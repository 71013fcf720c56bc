// Commands on their way to the coordinator, and what the person is told of it.
// Promise: every command is answered by one line, whether it succeeds or not; nothing is thrown.

import {
  toAnswer,
  toCloneAnswer,
  toDone,
  toDrainAnswer,
  toPriorityAnswer,
  type Verb,
} from '../../domain/control.ts';
import { reasonOf } from '../../domain/errors.ts';
import { shownSweep, type Change, type Command, type Message, type Model } from '../model.ts';

/** How the coordinator is asked. An empty `trialId` means the whole sweep; what comes back is how many trials it changed. */
export type Control = Readonly<
  Record<Verb, (sweepId: string, trialId: string) => Promise<number>>
> & {
  readonly drain: (agentId: string) => Promise<{ readonly trials: number }>;
  readonly prioritise: (sweepId: string, priority: number, trialId: string) => Promise<number>;
  /** The id of the new trial. */
  readonly clone: (trialId: string, changes: readonly Change[]) => Promise<string>;
};

/** Asks for it; the line says what came of it. */
export async function perform(control: Control, command: Command, model: Model): Promise<string> {
  try {
    return await ask(control, command, model);
  } catch (error) {
    const reason = reasonOf(error);
    return `not ${toDone(command.kind)}: ${reason}`;
  }
}

/** How an answer is shown: what a line has no room for is read in front of the pane. */
export function toAnswerMessage(text: string, columns: number): Message {
  const lines = text.split('\n');
  return lines.length === 1 && text.length <= columns - 2
    ? { kind: 'notice', text }
    : { kind: 'text', title: 'Answer', lines };
}

async function ask(control: Control, command: Command, model: Model): Promise<string> {
  if (command.kind === 'drain') {
    const { trials } = await control.drain(command.agentId);
    const agent = model.agents.find(({ agentId }) => agentId === command.agentId);
    return toDrainAnswer(agent?.name ?? command.agentId, trials);
  }
  if (command.kind === 'clone') {
    const made = await control.clone(command.trialId, command.changes);
    return toCloneAnswer(nameOf(command.trialId, model), made);
  }
  if (command.kind === 'prioritise') {
    const { sweepId, trialId, priority } = command;
    const trials = await control.prioritise(sweepId, priority, trialId);
    return trialId === ''
      ? toPriorityAnswer('sweep', shownSweep(model)?.name ?? sweepId, priority, trials)
      : toPriorityAnswer('trial', nameOf(trialId, model), priority, trials);
  }
  const { kind, sweepId, trialId } = command;
  const trials = await control[kind](sweepId, trialId);
  if (trialId === '') return toAnswer(kind, 'sweep', shownSweep(model)?.name ?? sweepId, trials);
  return toAnswer(kind, 'trial', nameOf(trialId, model), trials);
}

function nameOf(trialId: string, { trials }: Model): string {
  const trial = trials.get(trialId);
  return trial === undefined ? trialId : `#${trial.number}`;
}
