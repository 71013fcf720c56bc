// What a sweep is, after its file has been read: plain data with the file's own spelling.

import type { StrategySpec } from '../lr/spec.ts';
import type { Objective } from './objective.ts';

/** A value of the configuration. */
export type ConfigValue = string | number | boolean | null | readonly ConfigValue[];

/** A trial's values other than the learning-rate strategy. */
export type Config = Readonly<Record<string, ConfigValue>>;

/** A length of training. */
export type Duration = { readonly unit: 'epochs' | 'steps'; readonly count: number };

/** One item of `learning_rate`: a strategy's name and, for each of its fields, the values of its axis (one value: a constant). */
export type StrategyGrid = {
  readonly strategy: string;
  readonly axes: Readonly<Record<string, readonly unknown[]>>;
};

/** A sweep file that has been read and found good. Lists are axes of the grid; a constant is a list of one. */
export type SweepSpec = {
  readonly name: string;
  readonly trial: string;
  readonly objective: Objective;
  readonly files: readonly string[];
  readonly epochs: readonly number[];
  readonly seeds: readonly number[];
  readonly config: Readonly<Record<string, readonly ConfigValue[]>>;
  readonly learning_rate: readonly StrategyGrid[];
  readonly search: 'grid';
  readonly stop: 'none';
  readonly slots: { readonly kind: 'any' | 'gpu' | 'cpu'; readonly per_trial: number };
  readonly sharing: 'on' | 'off';
  readonly checkpoint_every: Duration;
  readonly keep: 'none' | 'best' | 'last' | 'all';
  readonly retries: number;
  readonly exclusive: boolean;
  readonly priority: number;
  readonly backends: readonly string[];
  readonly steps_per_epoch?: number;
};

/** One point of the grid. */
export type TrialSpec = {
  /** Which item of `learning_rate` it is of, from 0. */
  readonly item: number;
  readonly config: Config;
  readonly learning_rate: StrategySpec;
  readonly seed: number;
  readonly epochs: number;
};
