// What a strategy that follows a metric is drawn against: metrics of a file, of a recorded trial, or made up.
// Promise: whichever it is, words come with it that say so.

import type { Metrics } from '../../../domain/objective.ts';
import type { StrategySpec } from '../../../lr/spec.ts';
import { toWarmupSteps } from '../../../plan/warmup.ts';
import { plural } from '../../words.ts';
import type { ReadMetrics } from './metrics-text.ts';

/** Metrics of epochs and where they are from, such as `run.csv`. */
export type Recorded = {
  readonly metrics: Exclude<ReadMetrics, { kind: 'wrong' }>;
  readonly from: string;
};

/** What a strategy is told, epoch by epoch, and words about it; or why there is nothing to tell. */
export type Told =
  | { readonly ok: true; readonly epochs: readonly Metrics[]; readonly words: string }
  | { readonly ok: false; readonly problem: string };

/** The metric that a strategy follows; nothing for one that follows none. */
export function monitorOf({ monitor }: StrategySpec): string | undefined {
  return typeof monitor === 'string' ? monitor : undefined;
}

/** The recorded metrics as a strategy that follows `monitor` gets them in a training of so many epochs. */
export function tellRecorded({ metrics, from }: Recorded, monitor: string, epochs: number): Told {
  const all =
    metrics.kind === 'plain'
      ? metrics.values.map((value): Metrics => ({ [monitor]: value }))
      : metrics.epochs;
  const names = new Set(all.flatMap((epoch) => Object.keys(epoch)));
  if (!names.has(monitor))
    return {
      ok: false,
      problem: `${from} has no ${monitor}, which is followed; it has ${[...names].join(', ') || 'nothing'}`,
    };
  const short = all.length < epochs ? `; epochs after that report nothing` : '';
  const used = Math.min(all.length, epochs);
  return {
    ok: true,
    epochs: all,
    words: `${monitor}: ${plural(used, 'epoch')} from ${from}${short}`,
  };
}

/** A metric that improves for the first quarter of the epochs that are observed, and then stays as it is. */
export function tellSynthetic(
  spec: StrategySpec,
  monitor: string,
  { epochs, stepsPerEpoch }: { readonly epochs: number; readonly stepsPerEpoch: number },
): Told {
  const warm = Math.min(epochs, Math.ceil(toWarmupSteps(spec, stepsPerEpoch) / stepsPerEpoch));
  const series = improving(spec);
  const better = Math.min(warm + Math.ceil((epochs - warm) / 4), series.most);
  const told = Array.from({ length: epochs }, (_, epoch): Metrics => ({
    [monitor]: series.valueAt(Math.min(epoch, better - 1)),
  }));
  const words = `${monitor}: synthetic, improves for ${plural(better, 'epoch')}, then stays flat`;
  return { ok: true, epochs: told, words };
}

/** Values each of which beats the one before by more than the strategy asks for, as long as numbers reach. */
function improving({ mode, min_delta, threshold_mode }: StrategySpec): {
  readonly most: number;
  readonly valueAt: (epoch: number) => number;
} {
  const sign = mode === 'max' ? 1 : -1;
  const delta = typeof min_delta === 'number' ? min_delta : 0;
  if (threshold_mode !== 'rel')
    return { most: Infinity, valueAt: (epoch) => sign * epoch * Math.max(1, 2 * delta) };
  const factor = 2 + 2 * delta;
  return { most: Math.floor(300 / Math.log10(factor)), valueAt: (epoch) => sign * factor ** epoch };
}
