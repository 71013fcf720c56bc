// Asking before something is done that cannot be taken back: cancelling trials, sending an agent away.
// Promise: only what has not ended can be cancelled, only an agent that takes part can be drained, and only a `y` to this
// question does either.

import type { AgentView } from '../../wire/generated/espalier/v1/sweep.ts';
import { plural } from '../frame/number.ts';
import { change, shownSweep, type Command, type Model, type Step } from '../model.ts';
import { isOver } from '../summary/strategies.ts';

/** Asks whether to cancel one trial, or says why that cannot be. */
export function askToCancelTrial(model: Model, trialId: string): Step {
  const trial = model.trials.get(trialId);
  if (trial === undefined) return change(model, { notice: 'no trial is selected' });
  if (isOver(trial)) {
    return change(model, { notice: `trial #${trial.number} is ${trial.state} already` });
  }
  const question = `Cancel trial #${trial.number} for good? Its recorded epochs stay.`;
  return ask(model, { kind: 'cancel', sweepId: trial.sweepId, trialId }, question);
}

/** Asks whether to cancel the shown sweep, or says why that cannot be. */
export function askToCancelSweep(model: Model): Step {
  const sweep = shownSweep(model);
  if (sweep === undefined) return change(model, { notice: 'no sweep is shown' });
  if (sweep.state !== 'running') {
    return change(model, { notice: `${sweep.name} is ${sweep.state} already` });
  }
  const open = plural(sweep.running + sweep.pending + sweep.paused, 'trial');
  const command: Command = { kind: 'cancel', sweepId: sweep.sweepId, trialId: '' };
  return ask(model, command, `Cancel sweep ${sweep.name}, ${open} not done yet?`);
}

/** Asks whether to drain an agent: which one, where there are several. */
export function askToDrain(model: Model): Step {
  const [first, ...others] = agentsToDrain(model);
  if (first === undefined) return change(model, { notice: 'there is no agent to drain' });
  if (others.length === 0) return askToDrainAgent(model, first);
  return change(model, { overlay: { kind: 'agents', agentId: first.agentId } });
}

/** Asks whether to drain this agent. */
export function askToDrainAgent(model: Model, { agentId, name, slots }: AgentView): Step {
  const trains = slots.filter(({ trialId }) => trialId !== '').length;
  const what = trains === 0 ? 'It trains nothing' : `What it trains goes on elsewhere`;
  return ask(model, { kind: 'drain', agentId }, `Drain agent ${name}? ${what}, and it leaves.`);
}

/** Agents that could be drained. */
export function agentsToDrain({ agents }: Model): readonly AgentView[] {
  return agents.filter(({ state }) => state === 'connected' || state === 'suspect');
}

function ask(model: Model, command: Command, question: string): Step {
  return change(model, { overlay: { kind: 'confirm', command, question } });
}
