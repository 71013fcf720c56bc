// Who won, and how sure that is.

import { expect, test } from 'vitest';
import { verdictLines } from '../../../src/dashboard/frame/verdict-lines.ts';
import { toAnsi } from '../../../src/dashboard/frame/line.ts';
import { strategyRows } from '../../../src/dashboard/strategies/strategy-rows.ts';
import { goalOf } from '../../../src/dashboard/summary/goal.ts';
import { shownSweep } from '../../../src/dashboard/model.ts';
import { after, blank } from '../after.ts';
import { sweepView, trialView, watchResponse } from '../sample.ts';

type Given = readonly [strategy: string, values: string, results: readonly number[]];

/** What is said of settings and the results of their seeds. */
function said(given: readonly Given[], sweep: Parameters<typeof sweepView>[0] = {}): string {
  const trials = given.flatMap(([strategy, strategyValues, results], group) =>
    results.map((bestValue, seed) =>
      trialView({
        number: 10 * group + seed,
        strategy,
        strategyValues,
        seed,
        state: 'completed',
        hasValue: true,
        bestValue,
        lastValue: 1 - bestValue,
      }),
    ),
  );
  const sweeps = [sweepView({ state: 'completed', ...sweep })];
  const model = after(blank(), watchResponse({ trials, sweeps }));
  const shown = shownSweep(model) ?? sweepView();
  return verdictLines(shown, strategyRows(model), goalOf(shown), 400)
    .map((line) => toAnsi(line, 'none').trim())
    .join(' ');
}

const FIXED: Given = ['fixed', 'lr 0.1', [0.5, 0.6, 0.7]];

test('the best median over seeds wins, though another setting has the best single trial', () => {
  expect(
    said([['step', 'lr 0.1', [0.3, 0.9, 0.9]], ['plateau', 'lr 0.2', [0.4, 0.4, 0.45]], FIXED]),
  ).toBe(
    'plateau wins: lr 0.2 has the lowest val_loss, 0.4000 (median of 3 seeds). ' +
      'The best fixed rate, lr 0.1, comes to 0.6000: 0.2 (50 %) higher. ' +
      'Even the worst seed of plateau is better than the best of fixed.',
  );
});

test('seeds that overlap may be chance, and so may one seed', () => {
  expect(said([['step', '', [0.4, 0.55]], FIXED])).toMatch(
    /^step comes first: .* Their seeds overlap/,
  );
  expect(said([['step', '', [0.4]], FIXED])).toContain('(one seed)');
  expect(said([['step', '', [0.4]], FIXED])).toContain('With so few seeds this may be chance.');
});

test('where a fixed rate is best, that is said, with the best of the others', () => {
  expect(said([['step', 'lr 0.1 gamma 0.5', [0.8, 0.9]], FIXED])).toMatch(
    /^fixed wins: lr 0.1 has .* No strategy beats this fixed rate; the best of them, step lr 0.1 gamma 0.5, comes to 0.8500: 0.25 \(42 %\) worse/,
  );
});

test('without a fixed rate there is nothing to compare with', () => {
  expect(said([['step', '', [0.8]]])).toContain('No fixed rate to compare it with has completed.');
  expect(said([FIXED])).toContain('Only fixed rates have completed.');
});

test('for an objective to be maximised the highest wins, and where the last value counts, that does', () => {
  const objective = { metric: 'val_accuracy', mode: 'max' };
  expect(said([['step', '', [0.8, 0.9]], FIXED], { objective })).toContain(
    'highest val_accuracy, 0.8500',
  );
  expect(said([['step', '', [0.8, 0.9]], FIXED], { countsLast: true })).toContain(
    'lowest val_loss, 0.1500',
  );
});

test('while the sweep runs somebody leads, and before anything has completed nothing is said', () => {
  expect(said([['step', '', [0.4]], FIXED], { state: 'running' })).toMatch(
    /^step leads so far: .* comes to 0.6000: 0.2 \(50 %\) higher\.$/,
  );
  expect(said([])).toBe('');
});
