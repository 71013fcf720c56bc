// Why a plateau cut the learning rate: the strategy folded once more over the recorded metric.
// Promise: pure; a cut is said exactly where the strategy itself would lower the rate.

import { createStrategy } from '../lr/create-strategy.ts';
import type { StrategySpec } from '../lr/spec.ts';
import type { PastReason } from './reason.ts';

/** Without its time, which is of the record. */
type Cut = Omit<Extract<PastReason, { kind: 'cut' }>, 'atMs'>;

/** A plateau's own state, as its strategy hands it around; behind a warm-up it is the `inner` one. */
type Plateau = {
  readonly lr: number;
  readonly best: number | null;
  /** Bad epochs in a row that count. */
  readonly wait: number;
  readonly cuts: number;
};

/**
 * The cuts of a trial's plateau strategy, by rising epoch; nothing for any other strategy. `values` are those of its `monitor`, by
 * epoch from 0; undefined where it was not reported.
 */
export function findCuts(
  spec: StrategySpec,
  values: readonly (number | undefined)[],
  stepsPerEpoch: number,
): readonly Cut[] {
  const { monitor, patience } = spec;
  if (spec.strategy !== 'plateau' || typeof monitor !== 'string') return [];
  const strategy = createStrategy(spec);
  let state = strategy.start({ stepsPerEpoch, epochs: values.length });
  const cuts: Cut[] = [];
  let bestEpoch: number | null = null;
  let bad: Cut['bad'] = [];
  for (const [epoch, value] of values.entries()) {
    const before = toPlateau(state);
    state = strategy.observe(state, epoch, value === undefined ? {} : { [monitor]: value });
    const after = toPlateau(state);
    if (before === undefined || after === undefined) return [];
    const isBetter = after.best !== before.best;
    // What is not observed, such as epochs of a warm-up, counts neither way.
    if (before === after || value === undefined) continue;
    bestEpoch = isBetter ? epoch : bestEpoch;
    bad = isBetter ? [] : [...bad, { epoch, value }];
    if (after.cuts === before.cuts) continue;
    cuts.push({
      kind: 'cut',
      epoch: epoch + 1,
      from: before.lr,
      to: after.lr,
      metric: monitor,
      patience: Number(patience),
      minDelta: toMargin(spec),
      best: after.best,
      bestEpoch,
      bad: bad.slice(-(before.wait + 1)),
    });
    bad = [];
  }
  return cuts;
}

function toMargin({ min_delta: delta, threshold_mode: mode }: StrategySpec): string {
  if (typeof delta !== 'number' || delta === 0) return '';
  return mode === 'rel' ? ` by more than ${delta} of it` : ` by more than ${delta}`;
}

function toPlateau(state: unknown): Plateau | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  if ('inner' in state) return toPlateau(state.inner);
  // Only a plateau counts its cuts.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return 'cuts' in state && 'wait' in state ? (state as unknown as Plateau) : undefined;
}
