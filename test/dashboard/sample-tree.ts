// A sweep that shares what it trains, made up for the tests of the dashboard: two families of twelve and one trial alone.

import type {
  StageView,
  TrialView,
  WatchResponse,
} from '../../src/wire/generated/espalier/v1/sweep.ts';
import { agentView, sweepView, trialView, watchResponse } from './sample.ts';

/** A stage with everything at its plainest; `leading` are its members unless told otherwise. */
export function stageView(fields: Partial<StageView> & { readonly stageId: string }): StageView {
  return {
    sweepId: 's1',
    parentId: '',
    fromEpoch: 0,
    recordedEpochs: 0,
    repeatedEpochs: 0,
    state: 'pending',
    members: fields.leading?.length ?? 1,
    leading: [1],
    untilEpoch: 20,
    slot: '',
    reproducible: true,
    checkpointBytes: 0,
    attempt: 1,
    ...fields,
  };
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * Trials 1 to 12 part at once into a trunk of eight, which parts again, and four equal ones; 13 to 24 still share everything;
 * 25 failed alone.
 */
export function sharedStages(): StageView[] {
  const ended = { state: 'ended' };
  return [
    stageView({ stageId: 's1/1+@0', ...ended, leading: range(1, 12) }),
    stageView({
      stageId: 's1/1@0',
      parentId: 's1/1+@0',
      ...ended,
      recordedEpochs: 10,
      leading: range(1, 8),
      checkpointBytes: 1_200_000,
    }),
    stageView({
      stageId: 's1/9@0',
      parentId: 's1/1+@0',
      ...ended,
      recordedEpochs: 20,
      repeatedEpochs: 3,
      leading: range(9, 12),
      attempt: 2,
      reproducible: false,
    }),
    stageView({
      stageId: 's1/1@10',
      parentId: 's1/1@0',
      ...ended,
      fromEpoch: 10,
      recordedEpochs: 5,
      leading: [1, 2, 3, 6],
    }),
    stageView({
      stageId: 's1/4@10',
      parentId: 's1/1@0',
      state: 'pending',
      fromEpoch: 10,
      leading: [4, 5],
      attempt: 0,
    }),
    stageView({
      stageId: 's1/7@10',
      parentId: 's1/1@0',
      state: 'paused',
      fromEpoch: 10,
      recordedEpochs: 2,
      leading: [7, 8],
    }),
    stageView({
      stageId: 's1/1@15',
      parentId: 's1/1@10',
      state: 'running',
      fromEpoch: 15,
      recordedEpochs: 2,
      leading: [1, 2, 6],
      slot: 'atlas/gpu-0',
    }),
    stageView({
      stageId: 's1/3@15',
      parentId: 's1/1@10',
      ...ended,
      fromEpoch: 15,
      recordedEpochs: 5,
      leading: [3],
    }),
    stageView({
      stageId: 's1/13+@0',
      state: 'running',
      recordedEpochs: 6,
      leading: range(13, 24),
      slot: 'atlas/gpu-1',
    }),
    stageView({ stageId: 's1/25@0', ...ended, recordedEpochs: 3, leading: [25], attempt: 3 }),
  ];
}

/** The sweep with those stages. */
export function sharedSweep(): WatchResponse {
  const stages = sharedStages();
  const trials = range(1, 25).map((number) => sharedTrial(number, stages));
  const count = (state: string): number => trials.filter((trial) => trial.state === state).length;
  return watchResponse({
    stages,
    trials,
    sweeps: [
      sweepView({
        trials: trials.length,
        pending: count('pending'),
        running: count('running'),
        paused: count('paused'),
        completed: count('completed'),
        failed: count('failed'),
        epochsTotal: 500,
        epochsDelivered: trials.reduce((sum, { epoch }) => sum + epoch, 0),
        epochsTrained: stages.reduce((sum, { recordedEpochs }) => sum + recordedEpochs, 0),
        epochsRepeated: 3,
        checkpointBytes: 1_200_000,
        notReproducible: 1,
        bestTrialId: 't3',
        bestValue: 0.1306,
      }),
    ],
    agents: [sharingAgent(), agentView('borea', [''])],
  });
}

function sharingAgent(): ReturnType<typeof agentView> {
  const { slots, ...rest } = agentView('atlas', ['t1', 't13']);
  const sizes = [3, 12];
  return { ...rest, slots: slots.map((slot, index) => ({ ...slot, trials: sizes[index] ?? 1 })) };
}

function sharedTrial(number: number, stages: readonly StageView[]): TrialView {
  const stage = stages.findLast(({ leading }) => leading.includes(number));
  const epoch = (stage?.fromEpoch ?? 0) + (stage?.recordedEpochs ?? 0);
  const leader = stage?.leading[0] ?? number;
  return trialView({
    number,
    strategy: 'plateau',
    strategyValues: `lr ${number > 8 ? 0.05 : 0.1} factor 0.5 patience ${number}`,
    config: number > 12 && number < 25 ? 'batch_size 128' : 'batch_size 32',
    epoch,
    hasValue: epoch > 0,
    bestValue: 0.08 + leader / 1000 + 1 / (epoch + 1),
    bestEpoch: Math.max(0, epoch - 1),
    lastValue: 0.09 + leader / 1000 + 1 / (epoch + 1),
    learningRate: 0.1 / 2 ** Math.floor(epoch / 5),
    recent: range(1, Math.min(epoch, 24)).map((at) => 0.1 + 1 / at),
    slot: stage?.slot ?? '',
    stageId: stage?.stageId ?? '',
    ...(stage?.state === 'ended'
      ? number === 25
        ? { state: 'failed', message: 'CUDA out of memory' }
        : { state: 'completed' }
      : { state: stage?.state ?? 'pending' }),
  });
}
