// A dashboard that is left open: what a day of changes and frames leaves behind must not grow.
// Promise: no clock: a day is so many messages, and memory is looked at after a full collection.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { changedCrowd, nearCrowd, wholeCrowd, type Crowd } from '../../bench/dashboard/crowd.ts';
import { frame } from '../../src/dashboard/frame/frame.ts';
import { initialModel, type Message, type Model } from '../../src/dashboard/model.ts';
import { PANES } from '../../src/dashboard/panes.ts';
import { update } from '../../src/dashboard/update.ts';

const CROWD: Crowd = { trials: 200, agents: 10, slots: 4, attempts: 10 };
const HOURS = 24;
/** Frames and changes of an hour: one of each in half a minute. */
const STEPS = 120;
const STEP_MS = 30_000;
const SETTLED = 6;
/** Bytes an hour; facts that were all kept would be several times as much. */
const SLOPE_MOST = 64 * 1024;

test('a day of changes and frames leaves memory as it was after its first hours', () => {
  let model = opened();
  const heaps: number[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    for (let step = 0; step < STEPS; step += 1) model = lived(model, hour * STEPS + step);
    heaps.push(heapBytes());
  }
  const settled = heaps.slice(SETTLED);
  const slope = slopeOf(settled);
  expect(slope, `heap after each hour: ${settled.join(' ')}`).toBeLessThan(SLOPE_MOST);
  expect(model.facts.length).toBe(1000);
  expect(model.output.lines.length).toBe(2000);
}, 300_000);

function opened(): Model {
  const start = initialModel('', { columns: 120, rows: 40 }, 'true');
  const known = read(start, { kind: 'watch', response: wholeCrowd(CROWD) });
  const trialId = 'crowd/110';
  const beside = Array.from({ length: 8 }, (_, index) => `crowd/${index + 1}`);
  const scope = { ...known.scope, trialId, beside, output: true };
  const near = nearCrowd(trialId, 0, true);
  return read({ ...known, scope, siblings: 'strategies' }, { kind: 'near', response: near });
}

/** One step: the time, what has changed, now and then a key, and a frame of a pane. */
function lived(model: Model, at: number): Model {
  const messages: readonly Message[] = [
    { kind: 'tick', nowMs: at * STEP_MS },
    { kind: 'watch', response: changedCrowd(CROWD, at) },
    { kind: 'near', response: nearCrowd(model.scope.trialId, at, false) },
    { kind: 'key', key: ['j', 's', 'S', 'k', 'v', 'z', 'y'][at % 7] ?? 'j' },
  ];
  const pane = PANES[at % PANES.length]?.id ?? '';
  const next = messages.reduce(read, { ...model, pane });
  const kept = { ...next, scope: model.scope };
  if (frame(kept).length !== 39) throw new Error(`a frame of ${pane} does not fit`);
  return kept;
}

function read(model: Model, message: Message): Model {
  return update(model, message).model;
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- with the flag above this is a function
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

/** The straight line through values that are one apart, by least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const up = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  return up / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
}
