// Where a learning rate was cut and where its cycles begin, seen from its values alone.
// Promise: marks are few. A rate that falls or turns in more than a third of its epochs is a curve, and the curve says it.

import type { EpochView } from '../../wire/generated/espalier/v1/sweep.ts';

/** Epochs, 0-based, at whose beginning the rate was cut or a new cycle began. */
export type RateMarks = { readonly cuts: readonly number[]; readonly cycles: readonly number[] };

const LEAST_CHANGE = 0.01;
const MOST_SHARE = 1 / 3;

/** The marks of `epochs`, which rise by epoch. */
export function rateMarks(epochs: readonly EpochView[]): RateMarks {
  const cuts: number[] = [];
  const cycles: number[] = [];
  let falling = false;
  for (const [index, epoch] of epochs.entries()) {
    const before = epochs[index - 1];
    if (before === undefined) continue;
    if (isFlat(before) && isFlat(epoch) && isLower(epoch.lrFirst, before.lrLast)) {
      cuts.push(epoch.epoch);
    }
    const [was, is] = [middle(before), middle(epoch)];
    if (isLower(is, was)) falling = true;
    if (falling && isLower(was, is)) {
      cycles.push(epoch.epoch);
      falling = false;
    }
  }
  const most = epochs.length * MOST_SHARE;
  return { cuts: cuts.length > most ? [] : cuts, cycles: cycles.length > most ? [] : cycles };
}

function isLower(value: number, than: number): boolean {
  return value < than * (1 - LEAST_CHANGE);
}

function isFlat({ lrLeast, lrGreatest }: EpochView): boolean {
  return !isLower(lrLeast, lrGreatest);
}

function middle({ lrFirst, lrLast }: EpochView): number {
  return (lrFirst + lrLast) / 2;
}
