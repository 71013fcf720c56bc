// A sweep of ten thousand trials on hundreds of agents as the coordinator would tell of it, and what changes of it from one
// moment to the next. Promise: the same numbers each time, nothing is random.

import type {
  AgentView,
  AttemptView,
  EpochView,
  FactView,
  StageView,
  SweepView,
  TrialView,
  WatchResponse,
  WatchTrialResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';

/** How many of what there are. */
export type Crowd = {
  readonly trials: number;
  readonly agents: number;
  readonly slots: number;
  /** What each slot has trained before. */
  readonly attempts: number;
};

const SWEEP = 'crowd';
const EPOCHS = 100;
const STEP_MS = 250;
/** Facts of a step. */
const FACTS = 8;
const START_MS = 20_000 * 86_400_000;

const STRATEGIES: readonly (readonly [name: string, across: string, down: string])[] = [
  ['fixed', 'lr', ''],
  ['plateau', 'factor', 'patience'],
  ['cyclic', 'base_lr', 'max_lr'],
  ['cosine', 'lr', 'min_lr'],
  ['one_cycle', 'max_lr', 'pct_start'],
  ['step', 'step_size', 'gamma'],
];

/** The whole state at step `at`: what a watcher is told first. */
export function wholeCrowd(crowd: Crowd, at = 0): WatchResponse {
  const trials = Array.from({ length: crowd.trials }, (_, index) => trialAt(crowd, index, at));
  return {
    complete: true,
    trials,
    sweeps: [sweepAt(crowd, at)],
    agents: agentsAt(crowd, at),
    stages: Array.from({ length: crowd.trials }, (_, index) => stageAt(index)),
    epochs: [],
    facts: Array.from({ length: 1000 }, (_, index) => factAt(index - 1000)),
    attempts: slotsOf(crowd).flatMap((slot) =>
      Array.from({ length: crowd.attempts }, (_, back) => attemptAt(slot, at, back)),
    ),
    nowMs: START_MS + at * STEP_MS,
  };
}

/** What has changed at step `at`: `share` of the trials that run, every agent's load, some attempts and facts. */
export function changedCrowd(crowd: Crowd, at: number, share = 0.1): WatchResponse {
  const running = crowd.agents * crowd.slots;
  const changed = Math.ceil(running * share);
  const first = Math.floor(crowd.trials / 2);
  const indices = Array.from({ length: changed }, (_, i) => first + ((at * changed + i) % running));
  const slots = slotsOf(crowd);
  return {
    complete: false,
    trials: indices.map((index) => trialAt(crowd, index % crowd.trials, at)),
    sweeps: [sweepAt(crowd, at)],
    agents: agentsAt(crowd, at),
    stages: indices.slice(0, 5).map((index) => stageAt(index % crowd.trials)),
    epochs: [],
    facts: Array.from({ length: FACTS }, (_, i) => factAt(at * FACTS + i)),
    attempts: Array.from({ length: 4 }, (_, i) =>
      attemptAt(slots[(at * 4 + i) % slots.length] ?? '', at, 0),
    ),
    nowMs: START_MS + at * STEP_MS,
  };
}

/** A trial from near: its epochs, eight trials beside it, and output; later only what is new. */
export function nearCrowd(trialId: string, at: number, complete: boolean): WatchTrialResponse {
  const epochs = complete
    ? Array.from({ length: 300 }, (_, epoch) => epochAt(epoch))
    : [epochAt(300 + (at % 300))];
  const beside = epochs.flatMap(({ epoch }) =>
    Array.from({ length: 8 }, (_, i) => ({
      trialId: `${SWEEP}/${i + 1}`,
      epoch,
      value: valueAt(i, epoch),
    })),
  );
  const data = Buffer.from(`step ${at}: loss ${valueAt(1, at).toFixed(6)}, 學習率 0.1\n`);
  return {
    complete,
    trialId,
    epochs,
    beside,
    output: [{ attempt: 1, stageId: `${trialId}@0`, droppedBytes: 0, data }],
  };
}

function trialAt(crowd: Crowd, index: number, at: number): TrialView {
  const half = Math.floor(crowd.trials / 2);
  const runs = index >= half && index < half + crowd.agents * crowd.slots;
  const isDone = index < half;
  const [strategy = '', across = '', down = ''] = STRATEGIES[index % STRATEGIES.length] ?? [];
  const setting = Math.floor(index / STRATEGIES.length / 5);
  const fields = [
    { name: across, value: String(0.1 * ((setting % 8) + 1)) },
    ...(down === '' ? [] : [{ name: down, value: String((Math.floor(setting / 8) % 6) + 1) }]),
  ];
  const epoch = isDone ? EPOCHS : runs ? (at + index) % EPOCHS : 0;
  const value = valueAt(index, epoch);
  return {
    trialId: `${SWEEP}/${index + 1}`,
    sweepId: SWEEP,
    number: index + 1,
    state: isDone ? (index % 97 === 0 ? 'failed' : 'completed') : runs ? 'running' : 'pending',
    strategy,
    strategyValues: fields.map((field) => `${field.name} ${field.value}`).join(' '),
    config: `batch_size ${32 << (setting % 3)} width ${64 << (setting % 2)}`,
    seed: (index % 5) + 1,
    epoch,
    epochs: EPOCHS,
    hasValue: epoch > 0,
    bestValue: value,
    bestEpoch: Math.max(0, epoch - 1),
    lastValue: value * 1.05,
    learningRate: 0.1 / (1 + epoch),
    slot: runs ? `node-${index % crowd.agents}:gpu-${index % crowd.slots}` : '',
    message: isDone && index % 97 === 0 ? 'CUDA out of memory. Tried to allocate 2.4 GiB' : '',
    recent: Array.from({ length: Math.min(24, epoch) }, (_, back) => valueAt(index, epoch - back)),
    attempt: 1,
    stageId: `${SWEEP}/${index + 1}@0`,
    pausing: false,
    clonedFrom: '',
    priority: 0,
    strategyFields: fields,
    configFields: [{ name: 'batch_size', value: String(32 << (setting % 3)) }],
  };
}

function valueAt(index: number, epoch: number): number {
  return 0.02 + ((index * 7919) % 1000) / 20_000 + 2 * Math.exp(-epoch / 20);
}

function sweepAt({ trials, agents, slots }: Crowd, at: number): SweepView {
  const half = Math.floor(trials / 2);
  const failed = Math.ceil(half / 97);
  return {
    sweepId: SWEEP,
    name: SWEEP,
    state: 'running',
    objective: { metric: 'val_loss', mode: 'min' },
    trials,
    pending: trials - half - agents * slots,
    running: agents * slots,
    completed: half - failed,
    failed,
    diverged: 0,
    cancelled: 0,
    epochsTotal: trials * EPOCHS,
    epochsDelivered: half * EPOCHS + at,
    epochsTrained: half * 40 + at,
    epochsRepeated: 12,
    paused: 0,
    checkpointBytes: 4_000_000_000,
    notReproducible: 0,
    bestTrialId: `${SWEEP}/1`,
    bestValue: 0.02,
    elapsedMs: at * STEP_MS,
    remainingMs: 9_000_000,
    countsLast: false,
    priority: 0,
  };
}

function slotsOf({ agents, slots }: Crowd): readonly string[] {
  return Array.from(
    { length: agents * slots },
    (_, index) => `a-${Math.floor(index / slots)} gpu-${index % slots}`,
  );
}

function agentsAt({ agents, slots, trials }: Crowd, at: number): AgentView[] {
  const load = (slot: string, seed: number): NonNullable<AgentView['host']> => ({
    slot,
    busyPercent: (seed * 13 + at) % 101,
    memoryUsedBytes: 1e9 * ((seed + at) % 80),
    memoryTotalBytes: 85_900_000_000,
    temperatureCelsius: 40 + ((seed + at) % 50),
  });
  return Array.from({ length: agents }, (_, agent) => ({
    agentId: `a-${agent}`,
    name: `node-${agent}`,
    state: agent % 50 === 49 ? 'suspect' : 'connected',
    version: '0.1.0',
    reason: '',
    host: load('', agent),
    silentMs: 1000,
    slots: Array.from({ length: slots }, (_slot, slot) => ({
      name: `gpu-${slot}`,
      kind: 'gpu',
      trialId: `${SWEEP}/${Math.floor(trials / 2) + agent * slots + slot + 1}`,
      stageId: '',
      trials: 1 + (slot % 3),
      description: 'NVIDIA H100 80GB HBM3, 81559 MiB',
      load: load(`gpu-${slot}`, agent * slots + slot),
      aside: false,
    })),
  }));
}

function stageAt(index: number): StageView {
  const parent = index % 10 === 0 ? '' : `${SWEEP}/${index - (index % 10) + 1}@0`;
  return {
    sweepId: SWEEP,
    stageId: `${SWEEP}/${index + 1}@0`,
    parentId: parent,
    fromEpoch: parent === '' ? 0 : 20,
    recordedEpochs: 20,
    repeatedEpochs: 0,
    state: 'ended',
    members: parent === '' ? 10 : 1,
    leading: [index + 1],
    untilEpoch: EPOCHS,
    slot: '',
    reproducible: true,
    checkpointBytes: 0,
    attempt: 1,
  };
}

function attemptAt(slot: string, at: number, back: number): AttemptView {
  const [agentId = '', name = ''] = slot.split(' ');
  const untilMs = START_MS + (at - back * 200) * STEP_MS;
  return {
    stageId: `${SWEEP}/${1 + ((at + back * 17) % 9000)}@0`,
    attempt: 1,
    agentId,
    slot: name,
    sweepId: SWEEP,
    number: 1 + ((at + back * 17) % 9000),
    trials: 1 + (back % 3),
    fromMs: untilMs - 180 * STEP_MS,
    untilMs: back === 0 ? 0 : untilMs,
    end: back === 0 ? '' : back % 9 === 0 ? 'failed' : 'completed',
  };
}

function factAt(at: number): FactView {
  const number = Math.abs(at % 9000) + 1;
  const words =
    at % 3 === 0
      ? `#${number} plateau lr 0.1 factor 0.5 patience 3 completed: best val_loss 0.0402 at epoch 18`
      : `#${number} and 3 others on node-${number % 300}:gpu-${number % 8}, from the checkpoint after 20 epochs`;
  const tone = at % 3 === 0 ? 'good' : 'plain';
  return { atMs: START_MS + at * STEP_MS, sweepId: SWEEP, trialId: '', tone, words };
}

function epochAt(epoch: number): EpochView {
  const rate = 0.1 * 0.5 ** Math.floor(epoch / 60);
  const metrics = [
    { name: 'loss', value: valueAt(3, epoch) },
    { name: 'val_loss', value: valueAt(4, epoch) },
  ];
  return { epoch, metrics, lrFirst: rate, lrLast: rate, lrLeast: rate, lrGreatest: rate };
}
