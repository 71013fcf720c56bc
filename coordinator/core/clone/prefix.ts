// How far a new trial is one that is on record already: the path through its family's trees along which its learning rates are those
// that were trained with. Pure, and as exact as a fork: control vectors are compared bit for bit.
// Promise: what is said to be shared is what the new trial, trained alone, would have come to.

import { groupBy } from '../../../src/domain/group-by.ts';
import type { Metrics, Objective } from '../../../src/domain/objective.ts';
import { findDivergence } from '../../../src/domain/objective.ts';
import { createStrategy } from '../../../src/lr/create-strategy.ts';
import { hasFindings } from '../../../src/lr/find.ts';
import { isOwn } from '../../../src/lr/own.ts';
import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { isSameControls, lastRate } from '../../../src/lr/same-controls.ts';
import type { StrategySpec } from '../../../src/lr/spec.ts';
import type { Controls, Strategy } from '../../../src/lr/strategy.ts';
import { nextEpoch } from '../members.ts';
import type { Stage, State, Trial } from '../model.ts';
import { pathOf } from '../path.ts';
import { toEntry } from './entry.ts';

/** What makes a trial what it is. */
export type Values = Pick<Trial, 'config' | 'strategy' | 'seed' | 'epochs'>;

/** Recorded metrics of the path that ends in a stage, by epoch. */
export type HistoryOf = (stageId: string) => ReadonlyMap<number, Metrics>;

/** An epoch that a new trial has from others. */
export type SharedEpoch = { readonly metrics: Metrics; readonly learningRate: number };

/** Along the path to this stage a new trial is what was trained, for so many epochs as are listed. */
export type Prefix = { readonly stageId: string; readonly epochs: readonly SharedEpoch[] };

/** The prefix that spares the new trial most; null where it is to begin by itself. */
export function findPrefix(
  state: State,
  sweepId: string,
  values: Values,
  historyOf: HistoryOf,
): Prefix | null {
  const objective = state.sweeps.get(sweepId)?.spec.objective;
  const family = findFamily(state, sweepId, values);
  if (family.length === 0 || objective === undefined) return null;
  const walk = new Walk(state, values, objective, historyOf);
  const found = walk.from(family);
  const spares = (prefix: Prefix): number => toEntry(state, prefix)?.epoch ?? -1;
  const [best] = found.toSorted((a, b) => spares(b) - spares(a));
  return best === undefined || toEntry(state, best) === null ? null : best;
}

/** Trials of one config and seed whose rates are known. What an own strategy does is known to agents alone. */
function findFamily(state: State, sweepId: string, values: Values): readonly Trial[] {
  const sweep = state.sweeps.get(sweepId);
  if (sweep?.spec.sharing !== 'on' || !isKnown(values.strategy)) return [];
  const key = toKey(values);
  return (state.trialsOf.get(sweepId) ?? [])
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined)
    .filter((trial) => trial.seed === values.seed && toKey(trial) === key)
    .filter(({ strategy }) => !hasFindings(strategy));
}

function isKnown(strategy: StrategySpec): boolean {
  return !hasFindings(strategy) && !isOwn(strategy.strategy);
}

function toKey({ config }: Pick<Trial, 'config'>): string {
  return JSON.stringify(Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The trial's own stretch of one stage of its path. */
type Passage = { readonly trial: Trial; readonly until: number };

/** One look through the trees of a family. */
class Walk {
  readonly #state: State;
  readonly #values: Values;
  readonly #objective: Objective;
  readonly #historyOf: HistoryOf;
  readonly #passages = new Map<string, Passage[]>();
  readonly #children = new Map<string, Stage[]>();
  readonly #roots: Stage[] = [];
  readonly #followers = new Map<string, Follower>();

  constructor(state: State, values: Values, objective: Objective, historyOf: HistoryOf) {
    this.#state = state;
    this.#values = values;
    this.#objective = objective;
    this.#historyOf = historyOf;
  }

  from(family: readonly Trial[]): readonly Prefix[] {
    const stages = new Map(family.flatMap((trial) => this.#listPath(trial)).map((s) => [s.id, s]));
    for (const [parentId, children] of groupBy(stages.values(), (stage) => stage.parentId ?? ''))
      if (parentId === '') this.#roots.push(...children);
      else this.#children.set(parentId, [...children]);
    return this.#roots.flatMap((root) => {
      const steps = root.stepsPerEpoch ?? findSteps(stages.values()) ?? 0;
      const clone = this.#toFollower(this.#values, steps);
      return this.#along(root, clone, [], steps);
    });
  }

  #listPath(trial: Trial): readonly Stage[] {
    const leaf = this.#state.stages.get(trial.stageId);
    return (leaf === undefined ? [] : [...pathOf(this.#state, leaf)]).map(({ stage, until }) => {
      const passages = this.#passages.get(stage.id) ?? [];
      passages.push({ trial, until: Math.min(until, trial.epochsDone) });
      this.#passages.set(stage.id, passages);
      return stage;
    });
  }

  /** Where the new trial parts from a stage, or from those that go on from it. */
  #along(
    stage: Stage,
    clone: Follower,
    before: readonly SharedEpoch[],
    steps: number,
  ): readonly Prefix[] {
    const shared = [...before];
    const found = [{ stageId: stage.id, epochs: shared }];
    if (!stage.reproducible) return found;
    const history = this.#historyOf(stage.id);
    // One epoch is always left: a trial without any would never be granted.
    const until = Math.min(nextEpoch(stage), this.#values.epochs - 1);
    for (let epoch = stage.fromEpoch; epoch < until; epoch += 1) {
      const metrics = history.get(epoch);
      if (metrics === undefined || !this.#goesOn(epoch, metrics)) return found;
      if (!this.#isAlike(stage, clone, epoch, history, steps)) return found;
      shared.push({ metrics, learningRate: lastRate(clone.controls(epoch, history), steps) });
      found[0] = { stageId: stage.id, epochs: shared };
    }
    const next = (this.#children.get(stage.id) ?? []).filter(
      ({ fromEpoch }) => fromEpoch <= shared.length,
    );
    return [
      ...found,
      ...next.flatMap((child) =>
        this.#along(child, clone, shared.slice(0, child.fromEpoch), steps),
      ),
    ];
  }

  /** It would come to its end at an epoch that diverged, or without the metric that it follows. */
  #goesOn(epoch: number, metrics: Metrics): boolean {
    const { monitor } = this.#values.strategy;
    const isTold = typeof monitor !== 'string' || Object.hasOwn(metrics, monitor);
    return isTold && findDivergence(epoch, metrics) === undefined;
  }

  /** Whether the new trial would train the epoch as the stage did, which is as any of its trials that was still there would. */
  #isAlike(
    stage: Stage,
    clone: Follower,
    epoch: number,
    history: ReadonlyMap<number, Metrics>,
    steps: number,
  ): boolean {
    const there = this.#passages.get(stage.id)?.find(({ until }) => until > epoch)?.trial;
    if (there === undefined || isOwn(there.strategy.strategy)) return false;
    const other = this.#followers.get(there.id) ?? this.#toFollower(there, steps);
    this.#followers.set(there.id, other);
    return isSameControls(clone.controls(epoch, history), other.controls(epoch, history), steps);
  }

  #toFollower({ strategy, epochs }: Values, steps: number): Follower {
    const parsed = parseStrategy(strategy, this.#objective);
    return new Follower(createStrategy(parsed.ok ? parsed.strategy : strategy), steps, epochs);
  }
}

/** A strategy as it is moved along a path; what it has been before an epoch depends on the path alone. */
class Follower {
  readonly #strategy: Strategy;
  readonly #steps: number;
  readonly #start: unknown;
  #epoch = 0;
  #state: unknown;
  #history: ReadonlyMap<number, Metrics> | undefined;

  constructor(strategy: Strategy, stepsPerEpoch: number, epochs: number) {
    this.#strategy = strategy;
    this.#steps = stepsPerEpoch;
    this.#start = strategy.start({ stepsPerEpoch, epochs });
    this.#state = this.#start;
  }

  controls(epoch: number, history: ReadonlyMap<number, Metrics>): Controls {
    if (history !== this.#history || epoch < this.#epoch) {
      [this.#epoch, this.#state, this.#history] = [0, this.#start, history];
    }
    for (; this.#epoch < epoch; this.#epoch += 1)
      this.#state = this.#strategy.observe(
        this.#state,
        this.#epoch,
        history.get(this.#epoch) ?? {},
      );
    return this.#strategy.controls(this.#state, epoch * this.#steps, this.#steps);
  }
}

function findSteps(stages: Iterable<Stage>): number | null {
  return [...stages].find(({ stepsPerEpoch }) => stepsPerEpoch !== null)?.stepsPerEpoch ?? null;
}
