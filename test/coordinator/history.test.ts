// Random histories: the invariants hold after every event, and the rows say what the facts said.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { State } from '../../coordinator/core/model.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { History } from '../support/history.ts';
import { freeze, stepViolations, violations } from '../support/invariants.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_122);

function forRandomHistories(runs: number, steps: number, check: (history: History) => void): void {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const store = openStore(':memory:');
      const history = new History(store, seed);
      for (let i = 0; i < steps; i += 1) check(history);
      store.close();
    }),
    { numRuns: runs, seed: SEED },
  );
}

test('the invariants hold after every event of a random history', () => {
  forRandomHistories(60, 250, (history) => {
    const before = freeze(history.state);
    history.step();
    expect([...violations(history.state), ...stepViolations(before, history.state)]).toEqual([]);
  });
});

test('the state loaded from the rows is the state that the facts made', () => {
  let n = 0;
  forRandomHistories(30, 200, (history) => {
    history.step();
    n += 1;
    if (n % 10 === 0) expect(stored(history.loaded())).toEqual(stored(history.state));
  });
});

/** What a restart must keep: everything but contacts, waits and paces. */
function stored(state: State): unknown {
  const { contacts: _contacts, waiting: _waiting, paces: _paces, ...kept } = state;
  return kept;
}
