// How a state looks: a sign and a tone. The sign alone must do, for terminals and eyes without colours.

import type { SweepView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Tone } from './line.ts';

/** A sign of one column and its tone. */
export type Look = { readonly sign: string; readonly tone: Tone };

const LOOKS: Readonly<Record<string, Look>> = {
  running: { sign: '●', tone: 'live' },
  paused: { sign: '‖', tone: 'warn' },
  pausing: { sign: '◐', tone: 'warn' },
  pending: { sign: '○', tone: 'dim' },
  completed: { sign: '✓', tone: 'good' },
  failed: { sign: '✗', tone: 'bad' },
  diverged: { sign: '∞', tone: 'odd' },
  cancelled: { sign: '⊘', tone: 'dim' },
};

/** The look of a trial's, a stage's or a sweep's state; a state that is not known gets a question mark. */
export function lookOf(state: string): Look {
  const look = Object.hasOwn(LOOKS, state) ? LOOKS[state] : undefined;
  return look ?? { sign: '?', tone: 'plain' };
}

/** A trial's state, or `pausing` while it trains the last epoch before its pause. */
export function stateOf({ state, pausing }: TrialView): string {
  return pausing && state === 'running' ? 'pausing' : state;
}

/** A sweep's state, or `paused` where nothing trains or waits until a person lets it go on. */
export function sweepStateOf({ state, running, pending, paused }: SweepView): string {
  return state === 'running' && paused > 0 && running + pending === 0 ? 'paused' : state;
}
