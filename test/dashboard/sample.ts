// A sweep made up for the tests of the dashboard: every number follows from its trial's number, nothing is random.

import type {
  AgentView,
  EpochView,
  SweepView,
  TrialView,
  WatchResponse,
  WatchTrialResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';

/** A trial with everything at its plainest. */
export function trialView(fields: Partial<TrialView> & { readonly number: number }): TrialView {
  return {
    trialId: `t${fields.number}`,
    sweepId: 's1',
    state: 'pending',
    strategy: 'constant',
    strategyValues: 'lr 0.1',
    config: '',
    seed: 1,
    epoch: 0,
    epochs: 20,
    hasValue: false,
    bestValue: 0,
    bestEpoch: 0,
    lastValue: 0,
    learningRate: 0,
    slot: '',
    message: '',
    recent: [],
    attempt: 1,
    stageId: '',
    pausing: false,
    strategyFields: [],
    configFields: [],
    clonedFrom: '',
    priority: 0,
    ...fields,
  };
}

/** A sweep with everything at its plainest. */
export function sweepView(fields: Partial<SweepView> = {}): SweepView {
  return {
    sweepId: 's1',
    name: 'digits-lr',
    state: 'running',
    objective: { metric: 'val_loss', mode: 'min' },
    trials: 0,
    pending: 0,
    running: 0,
    completed: 0,
    failed: 0,
    diverged: 0,
    cancelled: 0,
    epochsTotal: 0,
    epochsDelivered: 0,
    epochsTrained: 0,
    epochsRepeated: 0,
    paused: 0,
    checkpointBytes: 0,
    notReproducible: 0,
    priority: 0,
    bestTrialId: '',
    bestValue: 0,
    elapsedMs: 134_000,
    remainingMs: 80_000,
    countsLast: false,
    ...fields,
  };
}

/** An answer to a watch, complete unless said otherwise. */
export function watchResponse(fields: Partial<WatchResponse> = {}): WatchResponse {
  return {
    complete: true,
    sweeps: [],
    trials: [],
    agents: [],
    epochs: [],
    stages: [],
    facts: [],
    attempts: [],
    nowMs: 0,
    ...fields,
  };
}

/** What is said of a trial in sight, complete unless said otherwise. */
export function nearResponse(
  trialId: string,
  fields: Partial<WatchTrialResponse> = {},
): WatchTrialResponse {
  return { complete: true, trialId, epochs: [], beside: [], output: [], ...fields };
}

/** An agent with one slot for each of `trialIds`; an empty one is idle. */
export function agentView(
  name: string,
  trialIds: readonly string[],
  state = 'connected',
): AgentView {
  const slots = trialIds.map((trialId, index) => ({
    name: `gpu-${index}`,
    kind: 'gpu',
    trialId,
    stageId: trialId === '' ? '' : `${trialId}@0`,
    trials: trialId === '' ? 0 : 1,
    description: 'NVIDIA A100-SXM4-80GB, 81920 MiB',
    aside: false,
    load: undefined,
  }));
  const reason = '';
  const seen = { version: '0.1.0', reason, host: undefined, silentMs: 1000 };
  return { agentId: `a-${name}`, name, state, slots, ...seen };
}

/** A sweep in which everything happens: 48 trials of six strategies, two failures and one divergence, sharing and a lost agent. */
export function busySweep(): WatchResponse {
  const trials = Array.from({ length: 48 }, (_, index) => busyTrial(index + 1));
  const count = (state: string): number => trials.filter((trial) => trial.state === state).length;
  const best = trials
    .filter(({ hasValue, bestValue }) => hasValue && Number.isFinite(bestValue))
    .toSorted((a, b) => a.bestValue - b.bestValue)[0];
  const delivered = trials.reduce((sum, { epoch }) => sum + epoch, 0);
  return watchResponse({
    trials,
    sweeps: [
      sweepView({
        trials: trials.length,
        pending: count('pending'),
        running: count('running'),
        completed: count('completed'),
        failed: count('failed'),
        diverged: count('diverged'),
        cancelled: count('cancelled'),
        epochsTotal: 960,
        epochsDelivered: delivered,
        epochsTrained: delivered - 131,
        epochsRepeated: 6,
        bestTrialId: best?.trialId ?? '',
        bestValue: best?.bestValue ?? 0,
      }),
    ],
    agents: [
      agentView('atlas', ['t25', 't26', '']),
      agentView('borea', ['t27', 't28']),
      agentView('cetus', ['', ''], 'lost'),
    ],
  });
}

/** Fifty epochs of a plateau trial: the loss falls in steps, the rate is cut at 12, 25 and 38. */
export function plateauEpochs(count = 50): readonly EpochView[] {
  return Array.from({ length: count }, (_, epoch) => {
    const cuts = [12, 25, 38].filter((at) => epoch >= at).length;
    const rate = 0.1 * 0.5 ** cuts;
    const loss = 0.05 + 2.2 * Math.exp(-epoch / 6) + 0.02 * Math.sin(epoch * 1.7) * 0.6 ** cuts;
    const metrics = [
      { name: 'loss', value: loss * 0.8 },
      { name: 'val_loss', value: loss + 0.03 },
      { name: 'val_accuracy', value: 0.98 - loss / 3 },
    ];
    return { epoch, metrics, lrFirst: rate, lrLast: rate, lrLeast: rate, lrGreatest: rate };
  });
}

/** Epochs of a cosine schedule with warm restarts every ten epochs. */
export function cosineEpochs(count: number): readonly EpochView[] {
  return Array.from({ length: count }, (_, epoch) => {
    const [lrFirst, lrLast] = [cosineRate(epoch), cosineRate(epoch + 0.99)];
    const value = 0.1 + 1 / (epoch + 1);
    const metrics = [
      { name: 'loss', value: 1 - value / 2 },
      { name: 'val_accuracy', value: 1 - value },
    ];
    return { epoch, metrics, lrFirst, lrLast, lrLeast: lrLast, lrGreatest: lrFirst };
  });
}

function cosineRate(epoch: number): number {
  return 0.05 * (1 + Math.cos(Math.PI * ((epoch % 10) / 10)));
}

const STRATEGIES: readonly (readonly [string, string])[] = [
  ['plateau', 'lr 0.1 factor 0.5 patience 3'],
  ['cosine', 'lr 0.1 restarts 2'],
  ['one_cycle', 'greatest 0.4'],
  ['step', 'lr 0.1 step_size 5 gamma 0.3'],
  ['exponential', 'lr 0.1 gamma 0.9'],
  ['constant', 'lr 0.03'],
];

function busyTrial(number: number): TrialView {
  const [strategy = '', strategyValues = ''] = STRATEGIES[number % STRATEGIES.length] ?? [];
  const end = 0.06 + 0.05 * (number % STRATEGIES.length) + 0.003 * ((number * 7) % 11);
  const view = trialView({
    number,
    strategy,
    strategyValues,
    config: number % 2 === 0 ? 'batch_size 32' : 'batch_size 128',
  });
  if (number > 32) return number === 48 ? { ...view, state: 'cancelled' } : view;
  if (number === 13) return { ...view, ...broken, state: 'failed', epoch: 0 };
  if (number === 22)
    return { ...view, ...broken, state: 'failed', message: 'module not found: ./model.js' };
  if (number === 17) return { ...view, ...diverged };
  const epoch = number > 24 ? 2 * (33 - number) : 20;
  const recent = Array.from({ length: Math.min(24, epoch) }, (_, at) => end + Math.exp(-at / 5));
  const last = recent.at(-1) ?? 0;
  return {
    ...view,
    state: number > 28 ? 'pending' : number > 24 ? 'running' : 'completed',
    slot: number > 24 && number <= 28 ? `${number < 27 ? 'atlas' : 'borea'}/gpu-${number % 2}` : '',
    epoch,
    hasValue: true,
    bestValue: last,
    bestEpoch: epoch - 1,
    lastValue: last + (number % 3) * 0.004,
    learningRate: 0.1 / number,
    recent,
  };
}

const broken: Partial<TrialView> = {
  state: 'failed',
  message: 'CUDA out of memory. Tried to allocate 2.4 GiB; try a smaller batch_size',
  attempt: 3,
};

const diverged: Partial<TrialView> = {
  state: 'diverged',
  epoch: 3,
  hasValue: true,
  bestValue: 2.31,
  bestEpoch: 1,
  lastValue: Number.NaN,
  learningRate: 0.1,
  recent: [2.4, 2.31, Number.NaN],
  message: 'training loss became NaN in epoch 3',
};

/** The busy sweep with an agent that is held and one of whose slots one is set aside. */
export function sweepInDoubt(): WatchResponse {
  const busy = busySweep();
  const reasons = [
    ['connected', 'gpu-0 set aside for 60 s, attempts keep failing there: no such device'],
    ['held', '3 of 5 agents vanished at once: their trials wait for them'],
    ['lost', ''],
  ];
  const agents = busy.agents.map((agent, i) => {
    const [state = agent.state, reason = ''] = reasons[i] ?? [];
    return { ...agent, state, reason };
  });
  return { ...busy, agents };
}
