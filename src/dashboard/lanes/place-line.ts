// How a row of the agents is drawn: the agent with its state, or a slot with its device and its lane.

import type { DeviceLoad } from '../../wire/generated/espalier/v1/agent.ts';
import { cutLine, justify, span, type Line, type Tone } from '../frame/line.ts';
import { formatDuration } from '../frame/number.ts';
import { fit } from '../frame/text.ts';
import type { Model } from '../model.ts';
import { slotText } from '../summary/slots.ts';
import { laneBar, usedShare } from './lane-bar.ts';
import { laneKey } from './merge-lanes.ts';
import type { Place } from './places.ts';
import { windowText, type TimeWindow } from './time-window.ts';

/** Widths of the parts of a row; a part that has no room is 0. */
export type PlaceShape = {
  readonly name: number;
  readonly trains: number;
  readonly used: number;
  readonly busy: number;
  readonly memory: number;
  readonly heat: number;
  readonly lane: number;
};

const LEAST_LANE = 16;
const PARTS = ['memory', 'heat', 'used', 'busy', 'lane'] as const;

/** The widths in `columns` columns: what fits beside a lane, the rest goes. */
export function placeShape(columns: number): PlaceShape {
  let shape: PlaceShape = {
    name: columns < 60 ? 10 : columns < 100 ? 12 : 20,
    trains: columns < 60 ? 8 : 10,
    used: 6,
    busy: 6,
    memory: 11,
    heat: 4,
    lane: 0,
  };
  for (const part of PARTS) {
    const lane = columns - 1 - widthOf(shape);
    if (lane >= LEAST_LANE) return { ...shape, lane };
    shape = { ...shape, [part]: 0 };
  }
  return shape;
}

function widthOf({ name, trains, used, busy, memory, heat }: PlaceShape): number {
  return name + trains + used + busy + memory + heat;
}

/** The line above the rows. */
export function placeHeading(shape: PlaceShape, window: TimeWindow): Line {
  const { name, trains, used, busy, memory, heat, lane } = shape;
  const left = [
    fit('agent, slot', name),
    fit('trains', trains),
    fit('used', used - 1, 'right').padEnd(used),
    fit('busy', busy - 1, 'right').padEnd(busy),
    fit('memory', memory - 1, 'right').padEnd(memory),
    fit('°C', heat - 1, 'right').padEnd(heat),
  ].join('');
  const axis = justify([span(`${windowText(window)} ago`, 'dim')], [span('now', 'dim')], lane);
  return [span(left.slice(0, widthOf(shape)), 'dim'), ...axis];
}

/** One row. */
export function placeLine(model: Model, place: Place, shape: PlaceShape, window: TimeWindow): Line {
  return place.kind === 'agent'
    ? agentLine(place.agent, shape)
    : slotLine(model, place, shape, window);
}

function agentLine(agent: Extract<Place, { kind: 'agent' }>['agent'], shape: PlaceShape): Line {
  const { name, trains } = shape;
  const { busyPercent } = agent.host ?? {};
  const cpus = busyPercent === undefined ? '' : `CPUs ${busyPercent} %`;
  const memory = memoryText(agent.host);
  const host = [cpus, memory].filter(Boolean).join('  ');
  const use = agent.slots.filter(({ trialId }) => trialId !== '').length;
  const words =
    agent.state === 'gone'
      ? []
      : [
          span(`  ${use} of ${agent.slots.length} in use`),
          span(host === '' ? '' : `  ${host}`, 'dim'),
        ];
  const start = [span(fit(agent.name, name + trains - 1), 'strong'), span(' ')];
  const reason = agent.reason === '' ? '' : `  ${agent.reason}`;
  return [...start, ...stateOf(agent), span(reason, 'warn'), ...words];
}

type Look = readonly [sign: string, tone: Tone];

const STATES: Readonly<Record<string, Look>> = {
  connected: ['●', 'good'],
  suspect: ['◌', 'warn'],
  held: ['◍', 'warn'],
  lost: ['✗', 'bad'],
  draining: ['◐', 'warn'],
  aside: ['⊖', 'bad'],
  gone: ['○', 'dim'],
};

function stateOf({ state, silentMs }: Extract<Place, { kind: 'agent' }>['agent']): Line {
  const known = Object.hasOwn(STATES, state) ? STATES[state] : undefined;
  const [sign, tone] = known ?? ['?', 'plain'];
  const name = state === 'aside' ? 'set aside' : state;
  const isSilent = state === 'suspect' || state === 'held';
  const silent = isSilent && silentMs >= 0 ? `, silent for ${formatDuration(silentMs)}` : '';
  return [span(`${sign} ${name}${silent}`, tone)];
}

function slotLine(
  model: Model,
  { agent, slot }: Extract<Place, { kind: 'slot' }>,
  shape: PlaceShape,
  window: TimeWindow,
): Line {
  const lane = model.lanes.get(laneKey(agent.agentId, slot.name)) ?? [];
  const trains = slot.aside ? 'set aside' : slotText(model, slot) || 'idle';
  const tone = slot.aside ? 'bad' : slot.trialId === '' ? 'dim' : 'plain';
  const busy = slot.load?.busyPercent;
  return cutLine(
    [
      span(fit(`  ${slot.name}`, shape.name - 1).padEnd(shape.name)),
      span(fit(trains, shape.trains - 1).padEnd(shape.trains), tone),
      cell(`${Math.round(100 * usedShare(lane, window))} %`, shape.used),
      cell(busy === undefined ? '–' : `${busy} %`, shape.busy),
      cell(memoryText(slot.load) || '–', shape.memory),
      cell(String(slot.load?.temperatureCelsius ?? '–'), shape.heat, heatTone(slot.load)),
      ...laneBar(lane, window, shape.lane),
    ],
    widthOf(shape) + shape.lane,
  );
}

function cell(text: string, width: number, tone: Tone = 'plain'): Line[number] {
  return span(width === 0 ? '' : `${fit(text, width - 1, 'right')} `, tone);
}

// From where cards of most makers begin to slow down.
function heatTone(load: DeviceLoad | undefined): Tone {
  return (load?.temperatureCelsius ?? 0) >= 83 ? 'bad' : 'plain';
}

function memoryText(load: DeviceLoad | undefined): string {
  const { memoryUsedBytes: used, memoryTotalBytes: total } = load ?? {};
  if (used === undefined) return '';
  const all = total === undefined ? '' : `/${toGiga(total)}`;
  return `${toGiga(used)}${all} GB`;
}

function toGiga(bytes: number): string {
  const giga = bytes / 1e9;
  return giga < 10 ? giga.toFixed(1) : String(Math.round(giga));
}
