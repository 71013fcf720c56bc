// The count that the benchmark of sharing is held to, on grids that can be counted by hand.

import { expect, test } from 'vitest';

import { countByBruteForce, type Histories } from '../../bench/sharing/count-by-brute-force.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';

/** A sweep of these strategies, written as in a sweep file. */
function sweepOf(learningRate: string, rest = 'epochs: 3'): SweepSpec {
  const text = [
    'name: by-hand',
    'trial: ./trial.ts',
    'objective: { metric: val_loss, mode: min }',
    `learning_rate: [${learningRate}]`,
    rest,
  ].join('\n');
  const parsed = parseSweepFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.spec;
}

function historiesOf(...losses: readonly (readonly number[])[]): Histories {
  return new Map(losses.map((history, i) => [i + 1, history.map((loss) => ({ val_loss: loss }))]));
}

test.each<[string, string, string | undefined, number]>([
  ['one trial', '{ strategy: fixed, lr: 1 }', undefined, 3],
  ['two rates', '{ strategy: fixed, lr: [1, 2] }', undefined, 3 + 3],
  ['two rates that are one float32', '{ strategy: fixed, lr: [0.1, 0.1000000001] }', undefined, 3],
  ['the longest of several lengths', '{ strategy: fixed, lr: 1 }', 'epochs: [2, 5, 4]', 5],
  // 1 ½ ¼ and 1 1 ½
  ['steps', '{ strategy: step, lr: 1, step_size: [1, 2], gamma: 0.5 }', undefined, 1 + 2 + 2],
  [
    'strategies that begin alike',
    '{ strategy: fixed, lr: 1 }, { strategy: step, lr: 1, step_size: 2 }',
    undefined,
    2 + 1 + 1,
  ],
  [
    'strategies that are the same',
    '{ strategy: fixed, lr: 1 }, { strategy: cyclic, base_lr: 1, max_lr: 1, step_size: 1 epochs }',
    undefined,
    3,
  ],
  [
    'strategies that move the momentum and one that does not',
    '{ strategy: fixed, lr: 1 }, ' +
      '{ strategy: cyclic, base_lr: 1, max_lr: 1, step_size: 1 epochs, base_momentum: [0.8, 0.85], max_momentum: 0.9 }',
    undefined,
    3 + 3 + 3,
  ],
  // 10 steps an epoch: they part within the second one
  [
    'rates that part within an epoch',
    '{ strategy: piecewise, values: [[1, 2]], boundaries: [[12 steps], [13 steps]] }',
    undefined,
    1 + 2 + 2,
  ],
  [
    'families',
    '{ strategy: fixed, lr: [1, 2] }',
    'epochs: [1, 2]\nseeds: [1, 2, 3]\nconfig: { units: [8, 16] }',
    2 * 2 * (3 * 2),
  ],
])('%s', (_, strategies, rest, count) => {
  expect(countByBruteForce(sweepOf(strategies, rest), 10)).toBe(count);
});

const PLATEAUS = '{ strategy: plateau, lr: 1, factor: 0.5, patience: [1, 2] }';

test('plateaus part where the recorded metrics make one of them cut', () => {
  const spec = sweepOf(PLATEAUS, 'epochs: 4');
  // 1 1 ½ ¼ and 1 1 1 ½
  const stuck = historiesOf([5, 5, 5, 5], [5, 5, 5, 5]);
  expect(countByBruteForce(spec, 10, stuck)).toBe(2 + 2 + 2);
  const better = historiesOf([5, 4, 3, 2], [5, 4, 3, 2]);
  expect(countByBruteForce(spec, 10, better)).toBe(4);
});

test('a trial that ended early counts as far as it was trained', () => {
  const histories = historiesOf([5, 5], [5, 5, 5, 5]);
  expect(countByBruteForce(sweepOf(PLATEAUS, 'epochs: 4'), 10, histories)).toBe(4);
});

test('a trial that follows metrics is not counted without them', () => {
  expect(() => countByBruteForce(sweepOf(PLATEAUS), 10)).toThrow(
    'trial 1 follows metrics, and none were given',
  );
});
