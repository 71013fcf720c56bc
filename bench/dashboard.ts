// How long the dashboard takes for a frame and for what the coordinator tells it, with ten thousand trials on 2,400 slots.
// A screen has 16 ms where it is to follow the hand.

import { frame } from '../src/dashboard/frame/frame.ts';
import { initialModel, type Message, type Model } from '../src/dashboard/model.ts';
import { PANES } from '../src/dashboard/panes.ts';
import { update } from '../src/dashboard/update.ts';
import { changedCrowd, nearCrowd, wholeCrowd, type Crowd } from './dashboard/crowd.ts';
import { toDistribution } from './distribution.ts';
import { toCpuMs } from './lr/cpu-time.ts';
import { toTable } from './markdown-table.ts';
import { print, toProcessors } from './print.ts';

const CROWD: Crowd = { trials: 10_000, agents: 300, slots: 8, attempts: 10 };
const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 240, rows: 70 },
];
const ROUNDS = 50;
const WARM = 20;
const LIMIT_MS = 16;

/** Prints a table; exits with 1 where a frame of nine in ten is not made in time. */
export function benchDashboard(): void {
  print(`${toProcessors()}, Node ${process.versions.node}`);
  print(
    '10,000 trials, 300 agents with 8 slots each; milliseconds of processor time, median / 90 % / greatest\n',
  );
  let slowest = 0;
  for (const size of SIZES) {
    const start = read(initialModel('', size, 'true'), watch(0));
    const rows = PANES.map(({ id, title }) => {
      const { still, moving, hearing } = measure(open({ ...start, pane: id }));
      slowest = Math.max(slowest, still.most90, moving.most90);
      return [`${title} ${size.columns}×${size.rows}`, ...[still, moving, hearing].map(toText)];
    });
    const heads = ['pane', 'frame', 'frame after a change', 'taking the change in'];
    for (const line of toTable(heads, rows)) print(line);
    print('');
  }
  print(`slowest frame of nine in ten: ${slowest.toFixed(1)} ms, limit ${LIMIT_MS} ms`);
  if (slowest >= LIMIT_MS) process.exitCode = 1;
}

type Times = ReturnType<typeof toDistribution>;

function measure(start: Model): { still: Times; moving: Times; hearing: Times } {
  const times = { still: [0], moving: [0], hearing: [0] };
  let model = start;
  for (let round = -WARM; round < ROUNDS; round += 1) {
    const message = watch(round + WARM + 1);
    const hearing = toCpuMs(() => (model = read(model, message)));
    const moving = toCpuMs(() => void frame(model));
    model = read(model, { kind: 'tick', nowMs: round * 100 });
    const still = toCpuMs(() => void frame(model));
    if (round < 0) continue;
    times.hearing.push(hearing);
    times.moving.push(moving);
    times.still.push(still);
  }
  return {
    still: toDistribution(times.still.slice(1)),
    moving: toDistribution(times.moving.slice(1)),
    hearing: toDistribution(times.hearing.slice(1)),
  };
}

// With a trial in sight and others beside it, as where most is drawn.
function open(model: Model): Model {
  const trialId = 'crowd/6000';
  const beside = Array.from({ length: 8 }, (_, index) => `crowd/${index + 1}`);
  const scope = { ...model.scope, trialId, beside, output: true };
  const near = nearCrowd(trialId, 0, true);
  return read({ ...model, scope, siblings: 'strategies' }, { kind: 'near', response: near });
}

function watch(at: number): Message {
  const response = at === 0 ? wholeCrowd(CROWD) : changedCrowd(CROWD, at);
  return { kind: 'watch', response };
}

function read(model: Model, message: Message): Model {
  return update(model, message).model;
}

function toText({ median, most90, greatest }: Times): string {
  return [median, most90, greatest].map((ms) => ms.toFixed(1)).join(' / ');
}
