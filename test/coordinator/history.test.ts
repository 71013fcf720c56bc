// Random histories: the invariants hold after every event, and the rows say what the facts said.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Fact } from '../../coordinator/core/fact.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { History, LIMITS } from '../support/history.ts';
import { toNow } from '../support/to-now.ts';
import { explanationViolations } from '../support/explanation-violations.ts';
import { durable, recordViolations, violations } from '../support/invariants.ts';
import { priorityViolations } from '../support/priority-violations.ts';
import {
  freeze,
  grantViolations,
  lossViolations,
  stepViolations,
} from '../support/step-invariants.ts';

/** `SEED=… npx vitest run test/coordinator/history.test.ts` begins elsewhere. */
const SEED = Number(process.env['SEED'] ?? 20_261_122);

// Seconds where nothing else runs.
vi.setConfig({ testTimeout: 120_000 });

/** All of them: a kind that is missing here does not compile. */
const KINDS: Readonly<Record<Fact['kind'], true>> = {
  'sweep-submitted': true,
  'trial-created': true,
  'trial-cloned': true,
  'sweep-prioritised': true,
  'trial-prioritised': true,
  'person-asked': true,
  'stage-created': true,
  'agent-joined': true,
  'agent-seen': true,
  'agent-lost': true,
  'agent-left': true,
  'agent-drained': true,
  'agent-excused': true,
  'agent-held': true,
  'slot-struck': true,
  'slot-set-aside': true,
  'agent-trusted': true,
  'report-taken': true,
  'reports-forgotten': true,
  'attempt-passed': true,
  'lease-granted': true,
  'lease-ended': true,
  'numerics-learned': true,
  'stage-opened': true,
  'stage-forked': true,
  'stage-paused': true,
  'stage-resumed': true,
  'pause-requested': true,
  'checkpoint-saved': true,
  'checkpoint-stored': true,
  'checkpoint-released': true,
  'epoch-recorded': true,
  'epoch-repeated': true,
  'series-recorded': true,
  'log-recorded': true,
  'rates-found': true,
  'strategy-settled': true,
  'trial-ended': true,
  'trial-reopened': true,
  'stage-ended': true,
  'sweep-ended': true,
  'sweep-reopened': true,
};

/** Returns the kinds of facts that there were. */
function forRandomHistories(
  runs: number,
  steps: number,
  check: (history: History) => void,
): ReadonlySet<Fact['kind']> {
  const kinds = new Set<Fact['kind']>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const store = openStore(':memory:');
      const history = new History(store, seed);
      for (let i = 0; i < steps; i += 1) check(history);
      expect(recordViolations(history.state, store)).toEqual([]);
      for (const kind of history.kinds) kinds.add(kind);
      store.close();
    }),
    // What was violated stands in the report itself, not only in what it was caused by.
    { numRuns: runs, seed: SEED, includeErrorInReport: true },
  );
  return kinds;
}

test('the invariants hold after every event of a random history, and every kind of fact occurs', () => {
  const kinds = forRandomHistories(40, 250, (history) => {
    const before = freeze(history.state);
    history.step();
    const { state, facts, monoMs, wasGivenUp } = history;
    const found = [
      ...violations(state),
      ...stepViolations(before, state, facts),
      ...(wasGivenUp ? [] : lossViolations(before, facts, monoMs, LIMITS)),
      ...grantViolations(state, facts, monoMs, LIMITS),
      ...priorityViolations(state, facts, monoMs),
    ];
    for (const words of found) assert.fail(words);
  });
  expect([...kinds].toSorted()).toEqual(Object.keys(KINDS).toSorted());
});

test('at any time of a random history every trial has an explanation, and none contradicts the state', () => {
  let n = 0;
  forRandomHistories(10, 160, (history) => {
    history.step();
    n += 1;
    if (n % 8 > 0) return;
    const { state, store, monoMs } = history;
    for (const words of explanationViolations(state, toNow(monoMs), LIMITS, store))
      assert.fail(words);
  });
});

test('the state loaded from the rows is the state that the facts made', () => {
  let n = 0;
  forRandomHistories(20, 200, (history) => {
    history.step();
    n += 1;
    if (n % 10 === 0) expect(durable(history.loaded())).toEqual(durable(history.state));
  });
});
