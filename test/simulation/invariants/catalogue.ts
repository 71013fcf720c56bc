// All invariants of the simulation, and when each is looked at: the table of docs/simulation.md.

import { AT_END } from '../checks.ts';
import { AFTER_COMMIT, AFTER_RESTART } from './after-commit.ts';
import { AFTER_EVENT } from './after-event.ts';
import { RULES } from './books.ts';
import type { Occasion } from './invariant.ts';
import { IT_ENDS, RESTART_STOPS_NOBODY, TRAINED_ONCE } from './named.ts';

/** A row of the table. */
export type Listed = {
  readonly name: string;
  readonly promises: readonly number[];
  readonly says: string;
  readonly when: Occasion;
};

type Named = Omit<Listed, 'when'>;

export const CATALOGUE: readonly Listed[] = [
  ...on('commit', RULES),
  ...on('commit', AFTER_COMMIT),
  ...on('restart', AFTER_RESTART),
  ...on('restart', [RESTART_STOPS_NOBODY]),
  ...on('event', AFTER_EVENT),
  ...on('end', AT_END),
  ...on('end', [TRAINED_ONCE, IT_ENDS]),
];

function on(when: Occasion, named: readonly Named[]): readonly Listed[] {
  return named.map(({ name, promises, says }) => ({ name, promises, says, when }));
}
