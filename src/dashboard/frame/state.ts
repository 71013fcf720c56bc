// How a state looks: a sign and a tone. The sign alone must do, for terminals and eyes without colours.

import type { Tone } from './line.ts';

/** A sign of one column and its tone. */
export type Look = { readonly sign: string; readonly tone: Tone };

const LOOKS: Readonly<Record<string, Look>> = {
  running: { sign: '●', tone: 'live' },
  pending: { sign: '○', tone: 'dim' },
  completed: { sign: '✓', tone: 'good' },
  failed: { sign: '✗', tone: 'bad' },
  diverged: { sign: '∞', tone: 'odd' },
  cancelled: { sign: '⊘', tone: 'dim' },
};

/** The look of a trial's or a sweep's state; a state that is not known gets a question mark. */
export function lookOf(state: string): Look {
  const look = Object.hasOwn(LOOKS, state) ? LOOKS[state] : undefined;
  return look ?? { sign: '?', tone: 'plain' };
}
