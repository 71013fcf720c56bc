// Choosing the agent to drain, from a list in front of the pane.

import type { AgentView, SlotView } from '../../wire/generated/espalier/v1/sweep.ts';
import { inTone, span, type Line } from '../frame/line.ts';
import { fit } from '../frame/text.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import { slotText } from '../summary/slots.ts';
import { moveIn, movementIn, scrollTo } from '../window.ts';
import { agentsToDrain, askToDrainAgent } from './ask.ts';

const HEADING = 2;

/** The model after a key. */
export function pressAgents(model: Model, agentId: string, key: string): Step {
  const agents = agentsToDrain(model);
  const at = Math.max(
    0,
    agents.findIndex((agent) => agent.agentId === agentId),
  );
  const chosen = agents[at];
  if (chosen === undefined || ['escape', 'q', 'n', 'left', 'h'].includes(key)) {
    return change(model, { overlay: { kind: 'none' } });
  }
  if (key === 'enter' || key === 'd') return askToDrainAgent(model, chosen);
  const by = movementIn(key, agents.length, model.size.rows) ?? 0;
  const next = agents[moveIn(at, by, agents.length)] ?? chosen;
  return change(model, { overlay: { kind: 'agents', agentId: next.agentId } });
}

/** The list. */
export function agentLines(
  model: Model,
  agentId: string,
  { columns, rows }: Size,
): readonly Line[] {
  const agents = agentsToDrain(model);
  const at = Math.max(
    0,
    agents.findIndex((agent) => agent.agentId === agentId),
  );
  const room = Math.max(1, rows - HEADING);
  const top = scrollTo(0, at, agents.length, room);
  const width = Math.max(8, ...agents.map(({ name }) => name.length));
  const list = agents.slice(top, top + room).map((agent, index): Line => {
    const line = [span(`${fit(agent.name, Math.min(width, 24))}  `), ...slotSpans(model, agent)];
    return top + index === at
      ? inTone([span('▸ '), ...line], 'chosen', columns)
      : [span('  '), ...line];
  });
  return [[span(' Drain which agent?', 'strong')], [], ...list];
}

function slotSpans(model: Model, { slots, state }: AgentView): Line {
  const spans = slots.map((slot) => span(`${slotName(model, slot)}   `, slotTone(slot)));
  return state === 'connected' ? spans : [span(`${state}   `, 'warn'), ...spans];
}

function slotName(model: Model, slot: SlotView): string {
  return `${slot.name} ${slot.trialId === '' ? 'idle' : slotText(model, slot)}`;
}

function slotTone({ trialId }: SlotView): 'plain' | 'dim' {
  return trialId === '' ? 'dim' : 'plain';
}
