// A thousand trials that stand together before an epoch of 10,000 steps: how long an agent takes to see who goes on alike.
// Promise: what is timed is the agent's own decision, with the learning rates of every step of every member.

import { decideStep, type Step } from '../../agent/core/boundary.ts';
import { type Member, observe, toMembers } from '../../agent/core/cohort.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import { toCpuMs } from './cpu-time.ts';
import { OBJECTIVE, SETTINGS } from './settings.ts';

export const MEMBERS = 1000;
export const EPOCH_STEPS = 10_000;

const EPOCHS = 100;
/** The boundaries at which the members stand: before the first epoch, and well within the training. */
const BOUNDARIES = [0, 1, 40];
const WISHES = {
  absent: new Set<number>(),
  pausing: new Set<number>(),
  bestValue: undefined,
  isToLeave: false,
};

/** The strategy of each member, by its number from 0. */
export const MIXES: Readonly<Record<string, (member: number) => StrategySpec>> = {
  'cyclic exp_range, all different': (i) => ({
    strategy: 'cyclic',
    base_lr: 0.01,
    max_lr: 0.06,
    step_size: '2 epochs',
    mode: 'exp_range',
    gamma: 1 - (i + 1) * 1e-8,
  }),
  'one_cycle, all different': (i) => ({ strategy: 'one_cycle', max_lr: 0.1 + i * 1e-4 }),
  'every strategy in turn, all different': (i) => varied(i),
  'multistep, parting at the end of the epoch': (i) => ({
    strategy: 'multistep',
    lr: 0.1,
    milestones: BOUNDARIES.map((epoch) => `${(epoch + 1) * EPOCH_STEPS - 1 - i} steps`),
  }),
  'plateau, all different': (i) => ({
    strategy: 'plateau',
    lr: 0.1,
    factor: 0.5,
    patience: 1 + (i % 10),
    cooldown: Math.floor(i / 10),
  }),
};

/** A setting for each member in turn, whose learning rates are its own. */
function varied(member: number): StrategySpec {
  const settings = Object.values(SETTINGS);
  const spec = settings[member % settings.length] ?? { strategy: 'fixed', lr: 1 };
  const scaled = Object.entries(spec).map(([name, value]) => {
    const isRate = name === 'lr' || name === 'max_lr';
    return [name, isRate ? Number(value) * (1 + member * 1e-5) : value];
  });
  return { ...spec, ...Object.fromEntries(scaled) };
}

/** What came of the decisions at the boundaries: how many went on apart, and the milliseconds of processor time of the slowest, once for each run. */
export type MixTimes = { readonly classes: number; readonly ms: readonly number[] };

/** Times one mix. */
export function timeMix(strategyOf: (member: number) => StrategySpec, runs: number): MixTimes {
  const stands = toStands(strategyOf);
  const ms: number[] = [];
  for (let run = 0; run < runs; run += 1)
    ms.push(Math.max(...stands.map((stand) => toCpuMs(() => decide(stand)))));
  return { classes: Math.max(...stands.map((stand) => countClasses(decide(stand)))), ms };
}

type Stand = { readonly members: readonly Member[]; readonly epoch: number };

/** The members at each boundary, after metrics that get no better. */
function toStands(strategyOf: (member: number) => StrategySpec): readonly Stand[] {
  const specs = Array.from({ length: MEMBERS }, (_, i) => ({
    trialId: `t${i}`,
    number: i + 1,
    spec: strategyOf(i),
    epochs: EPOCHS,
  }));
  const run = { stepsPerEpoch: EPOCH_STEPS, objective: OBJECTIVE };
  let members = toMembers(specs, run);
  const stands: Stand[] = [];
  for (let epoch = 0; epoch <= Math.max(...BOUNDARIES); epoch += 1) {
    if (BOUNDARIES.includes(epoch)) stands.push({ members, epoch });
    members = observe(members, epoch, { [OBJECTIVE.metric]: 1 });
  }
  return stands;
}

function decide({ members, epoch }: Stand): Step {
  const standing = { members, epoch, due: epoch, stepsPerEpoch: EPOCH_STEPS, canSave: true };
  return decideStep(standing, WISHES);
}

function countClasses(step: Step): number {
  return step.kind === 'fork' ? step.classes.length : 1;
}
