// Agents and their slots: what each has trained over time, how busy its device is, and why one is given nothing.
// Promise: only the rows on the screen are drawn, however many agents there are.

import { askToDrainAgent, agentsToDrain } from '../control/ask.ts';
import { inTone, span, type Line } from '../frame/line.ts';
import { plural } from '../frame/number.ts';
import { placeHeading, placeLine, placeShape } from '../lanes/place-line.ts';
import { selectedPlace, toPlaces, type Place } from '../lanes/places.ts';
import { timeWindow, ZOOM_STEPS } from '../lanes/time-window.ts';
import { hasDetail, listRows } from '../layout.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { openTrial } from '../select.ts';
import { movementIn, moveIn, scrollTo } from '../window.ts';

/** The pane of the agents. */
export const agents: Pane = {
  id: 'agents',
  title: 'Agents',
  keys: [
    ['Enter', 'its trial'],
    ['z', 'time shown'],
    ['d', 'drain'],
    ['↑ ↓', 'select'],
    ['Esc', 'back'],
  ],
  draw,
  press,
  status,
};

function press(model: Model, key: string): Step | undefined {
  const places = toPlaces(model);
  const place = places[selectedPlace(places, model.placeKey)];
  switch (key) {
    case 'enter':
    case 'right':
    case 'l':
      return openSlot(model, place);
    case 'z':
      return change(model, { zoom: (model.zoom + 1) % ZOOM_STEPS });
    case 'd':
      return drain(model, place);
    case 'escape':
    case 'left':
    case 'h':
      return change(model, { pane: 'overview' });
    default:
      return move(model, places, key);
  }
}

function openSlot(model: Model, place: Place | undefined): Step {
  const trialId = place?.kind === 'slot' ? place.slot.trialId : '';
  if (model.trials.has(trialId)) return openTrial(model, trialId);
  return change(model, { notice: 'select a slot that trains a trial of this sweep' });
}

function drain(model: Model, place: Place | undefined): Step {
  if (place === undefined) return change(model, { notice: 'there is no agent to drain' });
  const { agent } = place;
  const isThere = agentsToDrain(model).some(({ agentId }) => agentId === agent.agentId);
  return isThere
    ? askToDrainAgent(model, agent)
    : change(model, { notice: `agent ${agent.name} is ${agent.state} already` });
}

function move(model: Model, places: readonly Place[], key: string): Step | undefined {
  const page = listRows(model.size);
  const by = movementIn(key, places.length, page);
  if (by === undefined) return undefined;
  const index = moveIn(selectedPlace(places, model.placeKey), by, places.length);
  return change(model, {
    placeKey: places[index]?.key ?? '',
    placeTop: scrollTo(model.placeTop, index, places.length, page),
  });
}

function status({ agents: all }: Model): string {
  const here = all.filter(({ state }) => state !== 'lost' && state !== 'gone');
  const slots = here.flatMap((agent) => agent.slots);
  const busy = slots.filter(({ trialId }) => trialId !== '').length;
  return `${plural(here.length, 'agent')} · ${busy} of ${plural(slots.length, 'slot')} in use`;
}

function draw(model: Model, { columns, rows }: Size): readonly Line[] {
  const places = toPlaces(model);
  if (places.length === 0)
    return [[], [span(' No agent yet. Start one with '), span('espalier agent', 'strong')]];
  const height = Math.min(rows - 1, listRows(model.size));
  const chosen = selectedPlace(places, model.placeKey);
  const top = scrollTo(model.placeTop, chosen, places.length, height);
  const window = timeWindow(model);
  const shape = placeShape(columns - 2);
  const list = places.slice(top, top + height).map((place, index) => {
    const line = placeLine(model, place, shape, window);
    return top + index === chosen
      ? inTone([span('▸ '), ...line], 'chosen', columns)
      : [span('  '), ...line];
  });
  const heading = [span('  '), ...placeHeading(shape, window)];
  if (!hasDetail(model.size)) return [heading, ...list];
  const filled = [...list, ...Array.from({ length: rows - 2 - list.length }, () => [])];
  return [heading, ...filled, detailLine(places[chosen])];
}

function detailLine(place: Place | undefined): Line {
  if (place === undefined) return [];
  const { agent } = place;
  const what =
    place.kind === 'slot'
      ? [`${agent.name}:${place.slot.name}`, place.slot.description]
      : [agent.name, agent.agentId];
  const words = [...what, `espalier ${agent.version}`].filter(Boolean).join(' · ');
  return [span(` ${words}`), span(agent.reason === '' ? '' : `  ${agent.reason}`, 'warn')];
}
