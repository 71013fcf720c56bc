// Whatever comes in and however small the terminal is, a frame fits and holds nothing but text and SGR codes.

import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { frame } from '../../src/dashboard/frame/frame.ts';
import type { ColourDepth, Message } from '../../src/dashboard/model.ts';
import { update } from '../../src/dashboard/update.ts';
import type {
  AgentView,
  AttemptView,
  EpochView,
  FactView,
  StageView,
  SweepView,
  TrialView,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { after, blank, typed } from './after.ts';
import { sharedSweep, stageView } from './sample-tree.ts';
import { agentView, sweepView, trialView, watchResponse } from './sample.ts';

const SEED = 20_240_607;
// oxlint-disable-next-line no-control-regex -- it is what frames may hold
const SGR = /\u001B\[[\d;]*m/gu;

const NASTY = [
  '\u001B[2J\u001B[31mred',
  '\u001B]0;title\u0007',
  '\u009B31m',
  'a\r\nb\tc',
  '\u202Ereversed\u202C',
  '学習率 0.1',
  '👩‍👩‍👧‍👦 family',
  'e\u0301\u0302\u0303',
  '\uD800 half',
  '\u200B\uFEFF',
  '🇩🇪🇫🇷',
];

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('', ...NASTY));
const number = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-300),
);
const count = fc.nat({ max: 100_000 });
const state = fc.oneof(
  fc.constantFrom(
    'pending',
    'running',
    'paused',
    'completed',
    'failed',
    'diverged',
    'cancelled',
    'ended',
  ),
  text,
);

const stageId = fc.oneof(
  fc.nat({ max: 12 }).map((leader) => `s1/${leader}@0`),
  fc.constantFrom(...NASTY),
);

const sweep = fc.record<Partial<SweepView>>({
  name: text,
  state,
  countsLast: fc.boolean(),
  objective: fc.oneof(
    fc.constant(undefined),
    fc.record({ metric: fc.oneof(fc.constantFrom('loss', 'val_loss'), text), mode: text }),
  ),
  trials: count,
  running: count,
  failed: count,
  paused: count,
  checkpointBytes: fc.oneof(count, fc.maxSafeNat()),
  notReproducible: count,
  epochsTotal: count,
  epochsDelivered: count,
  epochsTrained: count,
  bestTrialId: fc.constantFrom('', 't1', 't9'),
  bestValue: number,
  remainingMs: number,
});

const trial = fc.record<Partial<TrialView> & { number: number }>({
  number: fc.nat({ max: 12 }),
  state,
  strategy: text,
  strategyValues: text,
  config: text,
  epoch: count,
  epochs: count,
  hasValue: fc.boolean(),
  bestValue: number,
  lastValue: number,
  learningRate: number,
  slot: text,
  message: text,
  recent: fc.array(number, { maxLength: 24 }),
  stageId,
  pausing: fc.boolean(),
  strategyFields: fc.array(
    fc.record({ name: fc.constantFrom('lr', 'factor', ...NASTY), value: text }),
    {
      maxLength: 3,
    },
  ),
});

const stage = fc.record<Partial<StageView> & { stageId: string }>({
  stageId,
  parentId: fc.oneof(fc.constant(''), stageId),
  fromEpoch: count,
  recordedEpochs: count,
  repeatedEpochs: count,
  state,
  members: count,
  leading: fc.array(fc.nat({ max: 100_000 }), { maxLength: 16 }),
  untilEpoch: count,
  slot: text,
  reproducible: fc.boolean(),
  checkpointBytes: fc.maxSafeNat(),
  attempt: count,
});

const epoch: fc.Arbitrary<EpochView> = fc.record({
  epoch: fc.nat({ max: 300 }),
  metrics: fc.array(
    fc.record({ name: fc.oneof(fc.constantFrom('loss', 'val_loss'), text), value: number }),
    { maxLength: 4 },
  ),
  lrFirst: number,
  lrLast: number,
  lrLeast: number,
  lrGreatest: number,
});

const load = fc.option(
  fc.record({
    slot: text,
    busyPercent: fc.option(count, { nil: undefined }),
    memoryUsedBytes: fc.option(fc.maxSafeNat(), { nil: undefined }),
    memoryTotalBytes: fc.option(fc.maxSafeNat(), { nil: undefined }),
    temperatureCelsius: fc.option(count, { nil: undefined }),
  }),
  { nil: undefined },
);

const agent: fc.Arbitrary<AgentView> = fc
  .record({
    name: text,
    state: fc.oneof(fc.constantFrom('connected', 'suspect', 'gone'), text),
    host: load,
    reason: text,
    silentMs: number,
    slots: fc.array(fc.constantFrom('', 't1', ...NASTY)),
  })
  .map(({ name, state: shown, slots, ...more }) => {
    const view = agentView(name, slots, shown);
    const named = view.slots.map((slot) => ({ ...slot, description: name, load: more.host }));
    return { ...view, ...more, slots: named };
  });

const fact: fc.Arbitrary<FactView> = fc.record({
  atMs: number,
  sweepId: fc.constantFrom('', 's1'),
  trialId: text,
  tone: fc.oneof(fc.constantFrom('good', 'bad', 'warn'), text),
  words: text,
});

const attempt: fc.Arbitrary<AttemptView> = fc.record({
  stageId: text,
  attempt: count,
  agentId: fc.constantFrom('a-x', ...NASTY),
  slot: fc.constantFrom('gpu-0', ...NASTY),
  sweepId: fc.constantFrom('s1', 's2'),
  number: count,
  trials: count,
  fromMs: number,
  untilMs: number,
  end: fc.oneof(fc.constantFrom('', 'completed', 'failed', 'withdrawn'), text),
});

const watch: fc.Arbitrary<Message> = fc
  .record({
    complete: fc.boolean(),
    sweeps: fc.array(sweep, { maxLength: 2 }),
    trials: fc.array(trial, { maxLength: 30 }),
    agents: fc.array(agent, { maxLength: 3 }),
    epochs: fc.array(epoch, { maxLength: 60 }),
    stages: fc.array(stage, { maxLength: 30 }),
    facts: fc.array(fact, { maxLength: 8 }),
    attempts: fc.array(attempt, { maxLength: 8 }),
    nowMs: number,
  })
  .map(({ complete, sweeps, trials, agents, epochs, ...rest }) => ({
    kind: 'watch',
    response: watchResponse({
      complete,
      sweeps: sweeps.map((fields, index) => sweepView({ ...fields, sweepId: `s${index + 1}` })),
      trials: trials.map(trialView),
      agents,
      epochs,
      ...rest,
      stages: rest.stages.map(stageView),
    }),
  }));

const near: fc.Arbitrary<Message> = fc
  .record({
    complete: fc.boolean(),
    trialId: fc.constantFrom('t1', 't9'),
    epochs: fc.array(epoch, { maxLength: 60 }),
    beside: fc.array(
      fc.record({
        trialId: fc.constantFrom('t1', 't2'),
        epoch: fc.nat({ max: 300 }),
        value: number,
      }),
    ),
    output: fc.array(
      fc.record({
        attempt: count,
        stageId: text,
        droppedBytes: count,
        data: text.map((written) => Buffer.from(written)),
      }),
    ),
  })
  .map((response) => ({ kind: 'near', response }));

const KEYS = ['up', 'down', 'enter', 'escape', 'tab', 'shift-tab', 'backspace', 'page-down', 'end'];
const message: fc.Arbitrary<Message> = fc.oneof(
  watch,
  near,
  fc
    .constantFrom(...KEYS, ...typed('1234567?/#asSyxoivzcprdbnqjkhlgG é学'))
    .map((key): Message => ({ kind: 'key', key })),
  text.map((key): Message => ({ kind: 'key', key })),
  text.map((reason): Message => ({ kind: 'disconnected', reason })),
  text.map((shown): Message => ({ kind: 'notice', text: shown })),
  number.map((nowMs): Message => ({ kind: 'tick', nowMs })),
);

const size = fc.record({
  columns: fc.integer({ min: 20, max: 200 }),
  rows: fc.integer({ min: 5, max: 60 }),
});

test(`a frame never exceeds its size nor holds a control sequence from outside (seed ${SEED})`, () => {
  const depth = fc.constantFrom<ColourDepth>('none', '16', 'true');
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), size, depth, (messages, area, colours) => {
      const model = messages.reduce(
        (last, next) => update(last, next).model,
        blank(area.columns, area.rows, colours),
      );
      const lines = frame(model);
      expect(lines).toHaveLength(area.rows - 1);
      for (const line of lines) {
        expect(stringWidth(line)).toBeLessThanOrEqual(area.columns);
        const bare = colours === 'none' ? line : line.replaceAll(SGR, '');
        expect(bare).not.toMatch(/\p{Cc}/u);
      }
    }),
    { seed: SEED, numRuns: 600 },
  );
});

test('a terminal of any size, even none, gets a frame that fits', () => {
  for (const rows of [0, 1, 2, 3, 4]) {
    for (const columns of [0, 1, 2, 5, 19]) {
      for (const key of '1234567?/#acdp') {
        const lines = frame(after(blank(columns, rows), sharedSweep(), key));
        expect(lines).toHaveLength(Math.max(0, rows - 1));
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  }
});
