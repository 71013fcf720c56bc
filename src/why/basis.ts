// What on record a statement rests on, and since when it is so. Promise: total; every statement names a fact and its time, or says that it
// follows from how things stand now.

import type { Reason } from './reason.ts';

/** A kind of fact, empty where it is how things stand; milliseconds since 1970, null: now. */
export type Basis = { readonly fact: string; readonly atMs: number | null };

/** What each kind rests on; nothing where it is how things stand. */
const FACTS: Readonly<Record<Reason['kind'], string>> = {
  submitted: 'sweep-submitted',
  cloned: 'trial-cloned',
  asked: 'person-asked',
  parted: 'stage-forked',
  shared: 'epoch-recorded',
  cut: 'epoch-recorded',
  equals: 'trial-ended',
  attempt: 'lease-granted',
  'last-output': 'log-recorded',
  ended: 'trial-ended',
  runs: 'lease-granted',
  'range-test': 'lease-granted',
  'slots-busy': 'lease-granted',
  'back-off': 'lease-ended',
  pausing: 'person-asked',
  paused: 'stage-paused',
  priority: 'trial-prioritised',
  'not-reproducible': 'epoch-repeated',
  'agent-silent': 'agent-seen',
  'agents-silent': 'agent-seen',
  'slots-aside': 'slot-set-aside',
  'stages-waiting': '',
  'no-agent': '',
  'no-such-slot': '',
  'agents-leaving': '',
  'checkpoint-elsewhere': '',
  'numerics-differ': '',
  'looked-past': '',
  'starts-now': '',
  'behind-stages': '',
  'behind-sweeps': '',
  start: '',
  'tests-first': '',
  'as-recorded': '',
  sweep: '',
};

/** The basis of one statement. `nowMs` is wall time. */
export function basisOf(reason: Reason, nowMs: number): Basis {
  if (reason.kind === 'stages-waiting') return basisOf(reason.reason, nowMs);
  const fact = reason.kind === 'asked' ? toAskedFact(reason) : FACTS[reason.kind];
  return { fact, atMs: timeOf(reason, nowMs) };
}

function timeOf(reason: Reason, nowMs: number): number | null {
  if ('atMs' in reason) return reason.atMs;
  if ('sinceAtMs' in reason) return reason.sinceAtMs;
  if (reason.kind === 'attempt') return reason.grantedAtMs;
  if (reason.kind === 'slots-busy') return latest(reason.first.map((work) => work.sinceAtMs));
  if (reason.kind === 'agent-silent') return whenHeard([reason], nowMs);
  return reason.kind === 'agents-silent' ? whenHeard(reason.agents, nowMs) : null;
}

function toAskedFact({ what, isWhole }: Extract<Reason, { kind: 'asked' }>): string {
  if (!what.startsWith('given')) return FACTS.asked;
  return isWhole ? 'sweep-prioritised' : 'trial-prioritised';
}

/** When the last of them was heard. */
function whenHeard(
  agents: readonly { readonly silentMs: number | null }[],
  nowMs: number,
): number | null {
  return latest(agents.flatMap(({ silentMs }) => (silentMs === null ? [] : [nowMs - silentMs])));
}

function latest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.max(...times);
}
