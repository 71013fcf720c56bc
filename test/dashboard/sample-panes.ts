// A sweep with seeds, agents with lanes and loads, and a log, made up for the tests of the dashboard: nothing is random.

import type {
  AgentView,
  AttemptView,
  FactView,
  TrialView,
  WatchResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { agentView, sweepView, trialView, watchResponse } from './sample.ts';

/** Wall time of all of it: 13:05:00 on some day. */
export const NOW_MS = 20_000 * 86_400_000 + 13 * 3_600_000 + 5 * 60_000;

type Fields = Readonly<Record<string, number | string>>;

const SETTINGS: readonly (readonly [strategy: string, fields: Fields, least: number])[] = [
  ['fixed', { lr: 0.05 }, 0.0402],
  ['fixed', { lr: 0.01 }, 0.0711],
  ['step', { lr: 0.05, step_size: 6, gamma: 0.3 }, 0.0455],
  ['plateau', { lr: 0.05, factor: 0.2, patience: 1 }, 0.0398],
  ['plateau', { lr: 0.05, factor: 0.5, patience: 1 }, 0.0351],
  ['plateau', { lr: 0.05, factor: 0.2, patience: 3 }, 0.0342],
  ['plateau', { lr: 0.05, factor: 0.5, patience: 3 }, 0.0313],
  ['cyclic', { base_lr: 0.005, max_lr: 0.1, mode: 'triangular' }, 0.0522],
  ['cyclic', { base_lr: 0.005, max_lr: 0.1, mode: 'triangular2' }, 0.0441],
];

/** Nine settings of four strategies with three seeds each, all completed; the plateau of factor 0.5 and patience 3 is best. */
export function seededSweep(fields: Parameters<typeof sweepView>[0] = {}): WatchResponse {
  const trials = SETTINGS.flatMap(([strategy, values, least], at) =>
    [1, 2, 3].map((seed) => seededTrial(3 * at + seed, { strategy, values, least, seed })),
  );
  return watchResponse({
    trials,
    sweeps: [
      sweepView({
        name: 'digits',
        state: 'completed',
        trials: trials.length,
        completed: trials.length,
        epochsTotal: 540,
        epochsDelivered: 540,
        epochsTrained: 363,
        bestTrialId: 't19',
        bestValue: 0.0313,
        remainingMs: 0,
        ...fields,
      }),
    ],
    agents: [{ ...agentView('atlas', ['', '']), host: load('', 3) }],
    nowMs: NOW_MS,
  });
}

type Seeded = { strategy: string; values: Fields; least: number; seed: number };

function seededTrial(number: number, { strategy, values, least, seed }: Seeded): TrialView {
  const entries = Object.entries(values);
  const result = least + [0, 0.0041, 0.0017][seed - 1]! * (1 + (number % 4));
  return trialView({
    number,
    seed,
    strategy,
    strategyValues: entries.map(([name, value]) => `${name} ${value}`).join(' '),
    strategyFields: entries.map(([name, value]) => ({ name, value: String(value) })),
    configFields: [{ name: 'batch_size', value: '32' }],
    state: 'completed',
    epoch: 20,
    hasValue: true,
    bestValue: result,
    bestEpoch: 18,
    lastValue: result + 0.002,
    learningRate: 0.0125,
    recent: Array.from({ length: 20 }, (_, at) => result + Math.exp(-at / 4)),
  });
}

/** How busy a device is. */
export function load(slot: string, busyPercent: number): NonNullable<AgentView['host']> {
  return {
    slot,
    busyPercent,
    memoryUsedBytes: 21_300_000_000,
    memoryTotalBytes: 85_900_000_000,
    temperatureCelsius: 40 + Math.floor(busyPercent / 2),
  };
}

/** The sweep with agents in every state, their lanes over ten minutes, and what has happened. */
export function worksSweep(): WatchResponse {
  const busy = seededSweep({ state: 'running', completed: 24, running: 3 });
  return {
    ...busy,
    trials: busy.trials.map((trial) =>
      trial.number > 24 ? { ...trial, state: 'running', epoch: 12, slot: 'atlas/gpu-0' } : trial,
    ),
    agents: [
      atlas(),
      borea(),
      agentView('cetus', ['', ''], 'lost'),
      agentView('dorado', [], 'gone'),
    ],
    attempts: ATTEMPTS.map(toAttempt),
    facts: FACTS.map(([secondsAgo, tone, words]) => toFact(secondsAgo, tone, words)),
  };
}

function atlas(): AgentView {
  const agent = agentView('atlas', ['t25', 't26']);
  const slots = agent.slots.map((slot, at) => ({ ...slot, load: load(slot.name, 97 - 9 * at) }));
  return { ...agent, slots, host: { ...load('', 34), temperatureCelsius: undefined } };
}

function borea(): AgentView {
  const agent = agentView('borea', ['t27', ''], 'suspect');
  const reason = 'gpu-1 set aside until 13:09, attempts keep failing there: no such device';
  const slots = agent.slots.map((slot, at) => ({ ...slot, aside: at === 1 }));
  return { ...agent, slots, reason, silentMs: 17_000 };
}

type Ran = readonly [
  agent: string,
  slot: string,
  number: number,
  from: number,
  until: number,
  end: string,
];

// Seconds ago; 0 runs still.
const ATTEMPTS: readonly Ran[] = [
  ['atlas', 'gpu-0', 1, 560, 410, 'completed'],
  ['atlas', 'gpu-0', 4, 405, 200, 'forked'],
  ['atlas', 'gpu-0', 25, 190, 0, ''],
  ['atlas', 'gpu-1', 2, 555, 300, 'failed'],
  ['atlas', 'gpu-1', 26, 240, 0, ''],
  ['borea', 'gpu-0', 3, 500, 470, 'diverged'],
  ['borea', 'gpu-0', 27, 300, 0, ''],
  ['borea', 'gpu-1', 7, 500, 350, 'failed'],
  ['cetus', 'gpu-0', 9, 520, 260, 'lost'],
];

function toAttempt([agent, slot, number, from, until, end]: Ran): AttemptView {
  return {
    stageId: `s1/${number}@0`,
    attempt: 1,
    agentId: `a-${agent}`,
    slot,
    sweepId: 's1',
    number,
    trials: number === 4 ? 4 : 1,
    fromMs: NOW_MS - from * 1000,
    untilMs: until === 0 ? 0 : NOW_MS - until * 1000,
    end,
  };
}

const FACTS: readonly (readonly [secondsAgo: number, tone: string, words: string])[] = [
  [600, 'plain', 'sweep s1 submitted: 27 trials'],
  [590, 'plain', 'agent atlas is there with 2 slots'],
  [560, 'plain', '#1 fixed lr 0.05 on atlas:gpu-0'],
  [470, 'bad', '#3 fixed lr 0.05 diverged: the training loss was NaN at the end of epoch 3'],
  [410, 'good', '#1 fixed lr 0.05 completed: best val_loss 0.0402 at epoch 18'],
  [
    350,
    'bad',
    'attempt 1 of #7 step lr 0.05 step_size 6 gamma 0.3 failed: CUDA out of memory. Tried to allocate 2.4 GiB; try a smaller batch_size',
  ],
  [260, 'bad', 'agent cetus lost'],
  [200, 'plain', '#4 and 3 others part at epoch 9 into 2 stages'],
  [17, 'warn', 'agent borea is silent and not given up: \u001B[31m17 s\u001B[0m'],
];

function toFact(secondsAgo: number, tone: string, words: string): FactView {
  return { atMs: NOW_MS - secondsAgo * 1000, sweepId: 's1', trialId: '', tone, words };
}

/** What a trial writes, with a progress bar that begins its line anew and a control sequence. */
export const WRITTEN = [
  'loading 1437 images\n',
  'epoch 0: 10 %\repoch 0: 55 %\repoch 0: 100 %\n',
  '\u001B]0;a title\u0007loss \u001B[31m0.412\u001B[0m\n',
  'a line that is too long for the screen and goes on and on until it has to be broken somewhere near its end\n',
  'epoch 1: 30 %',
].join('');
