// What a plateau does whatever the metrics: how long its learning rate surely stays, and where each cut can act at the earliest.
// Promise: two plateaus with equal histories whose marks agree up to an epoch have equal learning rates before it.
//
// With the first reported value of the metric finite, both references leave the learning rate alone for the first q epochs
// after the one that sets `best`, where q is max(1, patience) with keras counting and patience + 1 with torch; after a cut
// follow c' = max(0, cooldown - 1) (torch: cooldown) epochs of rest. The k-th cut acts k·q + (k - 1)·c' + 1 epochs after the
// start at the earliest. Checked against Keras 3.15 and PyTorch 2.14.

import type { StrategySpec } from '../lr/spec.ts';
import type { Setting } from './setting.ts';
import { toWarmupSteps } from './warmup.ts';

/** How far ahead a plateau is known. */
export type PlateauReach = {
  /** Epochs whose learning rates are known beforehand; all of them where it never cuts. */
  readonly known: number;
  /** What may happen at an epoch at the earliest, in a text that two plateaus share if it is the same; empty if nothing. */
  markAt(epoch: number): string;
};

/** Whether a strategy follows metrics. */
export function isPlateau({ strategy }: StrategySpec): boolean {
  return strategy === 'plateau';
}

/** The reach of a plateau's setting with every field filled. */
export function toPlateauReach({ spec, epochs }: Setting, stepsPerEpoch: number): PlateauReach {
  const start = Math.ceil(toWarmupSteps(spec, stepsPerEpoch) / stepsPerEpoch);
  const { wait, rest } = toTiming(spec);
  const first = start + wait + 1;
  const cuts = lrAfter(spec, 1) !== undefined && first < epochs;
  return {
    known: cuts ? first : epochs,
    markAt: (epoch) => {
      const cut = (epoch - first) / (wait + rest) + 1;
      const lr = Number.isInteger(cut) && cut > 0 ? lrAfter(spec, cut) : undefined;
      if (lr === undefined) return '';
      return cut === 1 ? `${start} ${wait} ${toJudge(spec)} ${lr}` : `${lr}`;
    },
  };
}

function toTiming(spec: StrategySpec): { readonly wait: number; readonly rest: number } {
  const [patience, cooldown] = [Number(spec['patience']), Number(spec['cooldown'])];
  return spec['counting'] === 'torch'
    ? { wait: patience + 1, rest: cooldown }
    : { wait: Math.max(1, patience), rest: Math.max(0, cooldown - 1) };
}

/** The float32 learning rate after so many cuts, or nothing if not all of them act. */
function lrAfter(spec: StrategySpec, cuts: number): number | undefined {
  const [factor, floor, eps] = [spec['factor'], spec['min_lr'], spec['eps']].map(Number);
  let lr = Number(spec['lr']);
  for (let cut = 0; cut < cuts; cut += 1) {
    const lower = Math.max(lr * (factor ?? 0), floor ?? 0);
    if (!(lr - lower > (eps ?? 0))) return undefined;
    lr = lower;
  }
  return Math.fround(lr);
}

/** What decides whether an epoch is a bad one. The two ways of counting round an absolute threshold differently. */
function toJudge(spec: StrategySpec): string {
  const { monitor, mode, min_delta, threshold_mode, counting } = spec;
  const rounding = threshold_mode === 'abs' && min_delta !== 0 ? counting : '';
  return JSON.stringify([
    monitor,
    mode,
    min_delta,
    min_delta === 0 ? '' : threshold_mode,
    rounding,
  ]);
}
