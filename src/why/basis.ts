// What on record a statement rests on, and since when it is so. Promise: total; every statement names a fact and its time, or says that it
// follows from how things stand now.

import type { Reason } from './reason.ts';

/** A kind of fact, empty where it is how things stand; milliseconds since 1970, null: now. */
export type Basis = { readonly fact: string; readonly atMs: number | null };

const NOW: Basis = { fact: '', atMs: null };

/** The basis of one statement. `nowMs` is wall time. */
export function basisOf(reason: Reason, nowMs: number): Basis {
  switch (reason.kind) {
    case 'submitted':
      return { fact: 'sweep-submitted', atMs: reason.atMs };
    case 'cloned':
      return { fact: 'trial-cloned', atMs: reason.atMs };
    case 'asked':
      return { fact: toAskedFact(reason), atMs: reason.atMs };
    case 'priority':
      return { fact: 'trial-prioritised', atMs: reason.atMs };
    case 'parted':
      return { fact: 'stage-forked', atMs: reason.atMs };
    case 'shared':
    case 'cut':
      return { fact: 'epoch-recorded', atMs: reason.atMs };
    case 'equals':
    case 'ended':
      return { fact: 'trial-ended', atMs: reason.atMs };
    case 'attempt':
      return { fact: 'lease-granted', atMs: reason.grantedAtMs };
    case 'last-output':
      return { fact: 'log-recorded', atMs: reason.atMs };
    case 'runs':
    case 'range-test':
      return { fact: 'lease-granted', atMs: reason.sinceAtMs };
    case 'slots-busy':
      return { fact: 'lease-granted', atMs: latest(reason.first.map((work) => work.sinceAtMs)) };
    case 'back-off':
      return { fact: 'lease-ended', atMs: reason.atMs };
    case 'pausing':
      return { fact: 'person-asked', atMs: reason.atMs };
    case 'paused':
      return { fact: 'stage-paused', atMs: reason.atMs };
    case 'not-reproducible':
      return { fact: 'epoch-repeated', atMs: reason.atMs };
    case 'agent-silent':
      return toSilent([reason.silentMs], nowMs);
    case 'agents-silent':
      return toSilent(
        reason.agents.map(({ silentMs }) => silentMs),
        nowMs,
      );
    case 'slots-aside':
      return { fact: 'slot-set-aside', atMs: null };
    case 'stages-waiting':
      return basisOf(reason.reason, nowMs);
    case 'no-agent':
    case 'no-such-slot':
    case 'agents-leaving':
    case 'checkpoint-elsewhere':
    case 'numerics-differ':
    case 'looked-past':
    case 'starts-now':
    case 'behind-stages':
    case 'behind-sweeps':
    case 'start':
    case 'tests-first':
    case 'as-recorded':
    case 'sweep':
      return NOW;
  }
}

function toAskedFact({ what, isWhole }: Extract<Reason, { kind: 'asked' }>): string {
  if (!what.startsWith('given')) return 'person-asked';
  return isWhole ? 'sweep-prioritised' : 'trial-prioritised';
}

/** When the last of them was heard. */
function toSilent(silences: readonly (number | null)[], nowMs: number): Basis {
  const heard = silences.flatMap((silentMs) => (silentMs === null ? [] : [nowMs - silentMs]));
  return { fact: 'agent-seen', atMs: latest(heard) };
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}
