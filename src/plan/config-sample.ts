// Which configs of a sweep to open beforehand, and what the others are taken to be like. Promise: no config is passed over while
// there is room; where there is not, every batch size is seen first, since the steps of an epoch follow from it as a rule.

import type { SweepSpec, TrialSpec } from '../domain/sweep.ts';
import { trialAt } from '../space/grid.ts';
import { countConfigs } from './setting.ts';

/** Configs that are opened at most. */
const MOST_OPENED = 16;

/** What opening a config told. */
export type ConfigFacts = {
  readonly stepsPerEpoch: number;
  /** Whether it can be saved and restored; if not, its trials share nothing. */
  readonly canSave: boolean;
  /** Of one checkpoint, at most; 0 where it cannot be saved. */
  readonly checkpointBytes: number;
};

/** A config to open: that of a trial. */
export type ConfigSample = {
  readonly trial: TrialSpec;
  /** Which value of `batch_size` it has. */
  readonly batch: number;
};

/** What came of opening a config. */
export type OpenedConfig = {
  /** Nothing where it could not be opened: then `problem` says why. */
  readonly facts: ConfigFacts | undefined;
  readonly problem: string | undefined;
  /** What it computes on; empty where nobody knows. */
  readonly backend: string;
  /** Names of dropout layers with a seed of their own, which drop the same units at every step. */
  readonly fixedDropouts: readonly string[];
};

/** Families with one config, or with several that are taken to be alike. */
export type FamiliesOfConfig = {
  readonly count: number;
  readonly stepsPerEpoch: number | undefined;
  /** Nothing is known where nothing was opened. */
  readonly facts: ConfigFacts | undefined;
};

/** The configs to open: the first of each batch size, then the second of each, and so on. */
export function sampleConfigs(spec: SweepSpec, most = MOST_OPENED): readonly ConfigSample[] {
  const { batches, inner } = toPlaces(spec);
  const ofEach = countConfigs(spec) / batches;
  const repeats = spec.epochs.length * spec.seeds.length;
  const samples: ConfigSample[] = [];
  for (let rank = 0; rank < ofEach; rank += 1) {
    for (let batch = 0; batch < batches; batch += 1) {
      if (samples.length === most) return samples;
      const index = (Math.floor(rank / inner) * batches + batch) * inner + (rank % inner);
      samples.push({ trial: trialAt(spec, index * repeats), batch });
    }
  }
  return samples;
}

/**
 * All families of the sweep, the first one among the first of them. A config without facts, since it could not be opened or was
 * not, has the steps of the first one with its batch size, and the most bytes that were seen.
 */
export function toFamilies(
  spec: SweepSpec,
  samples: readonly ConfigSample[],
  opened: readonly OpenedConfig[],
): readonly FamiliesOfConfig[] {
  const facts = samples.map((_, i) => opened[i]?.facts);
  const most = facts.reduce((bytes, one) => Math.max(bytes, one?.checkpointBytes ?? 0), 0);
  const like = (batch: number): ConfigFacts | undefined => {
    const same = facts.find((_, i) => facts[i] !== undefined && samples[i]?.batch === batch);
    const found = same ?? facts.find((one) => one !== undefined);
    return found && { ...found, checkpointBytes: found.canSave ? most : 0 };
  };
  const { batches } = toPlaces(spec);
  const ofEach = countConfigs(spec) / batches;
  const seen = samples.map(({ batch }, i) => ({ configs: 1, facts: facts[i] ?? like(batch) }));
  const others = Array.from({ length: batches }, (_, batch) => ({
    configs: ofEach - samples.filter((sample) => sample.batch === batch).length,
    facts: like(batch),
  }));
  return [...seen, ...others.filter(({ configs }) => configs > 0)].map((one) => ({
    count: one.configs * spec.seeds.length,
    stepsPerEpoch: one.facts?.stepsPerEpoch ?? spec.steps_per_epoch,
    facts: one.facts,
  }));
}

/** How many batch sizes there are, and how many configs in a row have the same one. */
function toPlaces({ config }: SweepSpec): { readonly batches: number; readonly inner: number } {
  const axes = Object.entries(config);
  const at = axes.findIndex(([name]) => name === 'batch_size');
  if (at === -1) return { batches: 1, inner: axes.reduce((n, [, axis]) => n * axis.length, 1) };
  const inner = axes.slice(at + 1).reduce((n, [, axis]) => n * axis.length, 1);
  return { batches: axes[at]?.[1].length ?? 1, inner };
}
