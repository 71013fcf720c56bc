// The one place where a reason becomes words, for the command line, the dashboard and whoever asks.
// Promise: total. What names and messages hold is not made safe for a terminal here: who prints does that.

import type { NowReason, PastReason, Reason, SweepReason, WaitReason } from './reason.ts';
import { nowLines } from './words/now.ts';
import { pastLines } from './words/past.ts';
import { waitLines } from './words/waits.ts';

/** A sentence, and lines that say more of it. `nowMs` is wall time. When it came to be is told by `basis.ts`. */
export function toWords(reason: Reason, nowMs: number): readonly string[] {
  if (isPast(reason)) return pastLines(reason);
  return isWait(reason) ? waitLines(reason) : nowLines(reason, nowMs);
}

/** Kinds of what has been; of the others, those of waiting. */
const PAST: Readonly<Record<PastReason['kind'], true>> = {
  submitted: true,
  parted: true,
  cloned: true,
  asked: true,
  shared: true,
  equals: true,
  cut: true,
  attempt: true,
  'last-output': true,
};

const WAIT: Readonly<Record<WaitReason['kind'], true>> = {
  'back-off': true,
  'range-test': true,
  'no-agent': true,
  'no-such-slot': true,
  'slots-busy': true,
  'agents-silent': true,
  'agents-leaving': true,
  'slots-aside': true,
  'checkpoint-elsewhere': true,
  'numerics-differ': true,
  'looked-past': true,
  'starts-now': true,
  'behind-stages': true,
  'behind-sweeps': true,
};

function isPast(reason: Reason): reason is PastReason {
  return Object.hasOwn(PAST, reason.kind);
}

function isWait(reason: NowReason | SweepReason): reason is WaitReason {
  return Object.hasOwn(WAIT, reason.kind);
}
