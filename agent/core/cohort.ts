// The trials that train together in a stage: where each one's strategy stands, and which go on alike in the next epoch.
// Promise: members stay together exactly as long as their control vectors are equal bit for bit.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Metrics, Objective } from '../../src/domain/objective.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { isOwn } from '../../src/lr/own.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type { Strategy } from '../../src/lr/strategy.ts';
import { type ControlVector, hashVector, isSameVector, toControlVector } from './control-vector.ts';
import { OWN_STRATEGY } from './own-strategy.ts';

/** A trial as it joins a stage: its strategy and the epochs that it trains in all. */
export type MemberSpec = {
  readonly trialId: string;
  /** Its number in the sweep. */
  readonly number: number;
  readonly spec: StrategySpec;
  readonly epochs: number;
};

/** What all members share. */
export type StageRun = {
  readonly stepsPerEpoch: number;
  readonly objective: Pick<Objective, 'metric' | 'mode'>;
};

/** A member and its strategy's state after the epochs observed so far. */
export type Member = {
  readonly trialId: string;
  readonly number: number;
  readonly epochs: number;
  readonly spec: StrategySpec;
  readonly monitor: string | undefined;
  readonly strategy: Strategy;
  readonly state: unknown;
  /** Why it cannot go on, in words: the last metrics were without the one that it follows, or its own code failed. */
  readonly obstacle: string | undefined;
};

/** Members that train the next epoch alike. */
export type ControlClass = {
  readonly members: readonly Member[];
  readonly controls: ControlVector;
};

/** Members before their first epoch. Throws `EspalierError('invalid')` for a strategy that cannot be run. */
export function toMembers(specs: readonly MemberSpec[], run: StageRun): readonly Member[] {
  return specs.map(({ trialId, number, spec, epochs }) => {
    const settled = settle(trialId, spec, run);
    const strategy = isOwn(settled.strategy) ? OWN_STRATEGY : createStrategy(settled);
    const state = strategy.start({ stepsPerEpoch: run.stepsPerEpoch, epochs });
    const monitor = typeof settled['monitor'] === 'string' ? settled['monitor'] : undefined;
    return {
      trialId,
      number,
      epochs,
      spec: settled,
      monitor,
      strategy,
      state,
      obstacle: undefined,
    };
  });
}

/** The classes of the members that still train in the 0-based `epoch`; in the order of their first members. */
export function partition(
  members: readonly Member[],
  epoch: number,
  stepsPerEpoch: number,
): readonly ControlClass[] {
  const classes: GrowingClass[] = [];
  const byHash = new Map<number, GrowingClass[]>();
  for (const member of members.filter(({ epochs }) => epoch < epochs)) {
    const controls = controlsOf(member, epoch, stepsPerEpoch);
    const alike = toListed(byHash, hashVector(controls));
    const same = alike.find((other) => isSameVector(other.controls, controls));
    if (same !== undefined) {
      same.members.push(member);
      continue;
    }
    const own = { members: [member], controls };
    classes.push(own);
    alike.push(own);
  }
  return classes;
}

type GrowingClass = { readonly members: Member[]; readonly controls: ControlVector };

/** The classes whose vectors have this hash; nearly always one or none. */
function toListed(byHash: Map<number, GrowingClass[]>, hash: number): GrowingClass[] {
  const listed = byHash.get(hash) ?? [];
  byHash.set(hash, listed);
  return listed;
}

/** The members after they have seen the recorded metrics of the first `epochs` epochs. */
export function fold(
  members: readonly Member[],
  history: ReadonlyMap<number, Metrics>,
  epochs: number,
): readonly Member[] {
  let folded = members;
  for (let epoch = 0; epoch < epochs; epoch += 1)
    folded = observe(folded, epoch, history.get(epoch) ?? {});
  return folded;
}

/** The members after they have seen an epoch's metrics. */
export function observe(
  members: readonly Member[],
  epoch: number,
  metrics: Metrics,
): readonly Member[] {
  return members.map((member) => ({
    ...member,
    state: member.strategy.observe(member.state, epoch, metrics),
    obstacle: findObstacle(member, metrics),
  }));
}

function findObstacle({ trialId, monitor }: Member, metrics: Metrics): string | undefined {
  if (monitor === undefined || Object.hasOwn(metrics, monitor)) return undefined;
  return `the learning-rate strategy of trial ${trialId} follows ${monitor}, which the trial does not report`;
}

/**
 * Who follows which metric, and would fail without it: the sweep, and, where none of the members could go on, their strategies.
 * Members that can go on are not to fail with the others, which part from them.
 */
export function toFollowers(
  members: readonly Member[],
  objective: Pick<Objective, 'metric'>,
  metrics: Metrics,
): readonly { readonly metric: string; readonly by: string }[] {
  const strategies = members.flatMap(({ trialId, monitor }) =>
    monitor === undefined || Object.hasOwn(metrics, monitor)
      ? []
      : [{ metric: monitor, by: `the learning-rate strategy of trial ${trialId}` }],
  );
  const sweep = { metric: objective.metric, by: "the sweep's objective" };
  return strategies.length === members.length ? [sweep, ...strategies] : [sweep];
}

function controlsOf(member: Member, epoch: number, stepsPerEpoch: number): ControlVector {
  return toControlVector(
    member.strategy.controls(member.state, epoch * stepsPerEpoch, stepsPerEpoch),
  );
}

/** The strategy with a value for every field; what follows a metric follows the objective's unless it says otherwise. */
function settle(trialId: string, spec: StrategySpec, run: StageRun): StrategySpec {
  // the trial's process fills in what is missing
  if (isOwn(spec.strategy)) return spec;
  const parsed = parseStrategy(spec, run.objective);
  if (parsed.ok) return parsed.strategy;
  const problems = parsed.problems.map(({ message }) => message).join('; ');
  throw new EspalierError('invalid', `the strategy of trial ${trialId} cannot be run: ${problems}`);
}
