// What the first screen says, for every way a sweep can come out.

import { expect, test } from 'vitest';
import { FIVE, type Sample, sampleRows } from '../../../bench/report/sample-rows.ts';
import {
  type AnswerWords,
  intervalText,
  toAnswerWords,
} from '../../../src/report/answer/answer-words.ts';
import { toAnswer } from '../../../src/report/answer/compare.ts';
import { toStandings } from '../../../src/report/answer/standing.ts';
import { toReport } from '../../../src/report/to-report.ts';

function answerOf(sample: Sample): AnswerWords {
  const data = toReport(sampleRows(sample), { nowMs: 0, version: '', node: '' });
  return toAnswerWords(data, toAnswer(toStandings(data, data.trials), data.sweep.mode));
}

const two = (first: number, second: number): Sample['settings'] => [
  { strategy: 'fixed', fields: { lr: 0.1 }, level: first },
  { strategy: 'plateau', fields: { lr: 0.1, factor: 0.5 }, level: second },
];

test('a strategy that is better in every seed has won, by so much', () => {
  const { headline, sureness, remarks } = answerOf({ settings: FIVE });
  expect(headline).toBe('plateau won: it beats the best fixed rate.');
  expect(sureness).toMatch(
    /^Seed by seed the val_loss of plateau lr 0\.1 factor 0\.5 patience 2 is 0\.\d+ better than that of fixed lr 0\.01 in the mean of 3 seeds \(95 % interval: 0\.\d+ to 0\.\d+ better\): more than the seeds vary, also when it is counted that it was the best of 6 settings\.$/,
  );
  expect(remarks).toEqual([]);
});

test('where the highest value wins, higher is better', () => {
  const { headline, sureness } = answerOf({
    settings: two(0.3, 0.9),
    sweep: { mode: 'max', metric: 'accuracy' },
  });
  expect(headline).toBe('plateau won: it beats the best fixed rate.');
  expect(sureness).toContain('0.600 better');
});

test('what the seeds cannot tell apart is not called better', () => {
  const { headline, sureness } = answerOf({ settings: two(0.5, 0.499), noise: 0.2 });
  expect(headline).toMatch(/^No clear winner: .* came first, but cannot be told from /);
  expect(sureness).toContain('these are not distinguishable. More seeds would tell.');
});

test('a fixed rate that wins is told so', () => {
  expect(answerOf({ settings: two(0.2, 0.5) }).headline).toBe(
    'a fixed rate won: it beats the best plateau.',
  );
});

test('the best of many settings has to stand out more than one of two', () => {
  const differences = [0.9, 1, 1.3];
  const values = (level: number, lead: boolean, seed: number): number =>
    lead ? level - (differences[seed - 1] ?? 0) / 10 : level;
  const few = two(1, 1);
  const change: Sample['change'] = ({ strategy, strategy_label: label, seed }) => {
    const value = label.includes('other') ? 2 : values(1, strategy === 'plateau', seed);
    return { value, best_value: value };
  };
  const many = [
    ...few,
    ...Array.from({ length: 40 }, (_, i) => ({ strategy: 'step', fields: { other: i }, level: 2 })),
  ];
  expect(answerOf({ settings: few, change }).headline).toBe(
    'plateau won: it beats the best fixed rate.',
  );
  const { headline, sureness } = answerOf({ settings: many, change });
  expect(headline).toBe(
    'plateau came first; that it beats the best fixed rate is likely, not settled.',
  );
  expect(sureness).toContain('no longer when it is counted that it was the best of 42 settings');
});

test('with one seed nothing is said about how sure it is', () => {
  const { headline, sureness } = answerOf({ settings: FIVE, seeds: [7] });
  expect(headline).toBe('plateau came first; how sure that is cannot be said.');
  expect(sureness).toContain('over one seed: another seed may turn it round');
});

test('one strategy is compared with itself', () => {
  const settings = [0.1, 0.01].map((lr) => ({ strategy: 'fixed', fields: { lr }, level: lr }));
  expect(answerOf({ settings }).headline).toBe('fixed lr 0.01 won: it beats fixed lr 0.1.');
  expect(answerOf({ settings: settings.slice(0, 1) }).headline).toBe(
    'a fixed rate is the only setting with a result.',
  );
});

test('without a fixed rate that is said, and the next strategy is the measure', () => {
  const { headline, remarks } = answerOf({ settings: FIVE.slice(2) });
  expect(headline).toBe('plateau won: it beats the best cyclic.');
  expect(remarks.join(' ')).toContain('No fixed rate has completed');
});

test('a sweep that still runs is spoken of as one', () => {
  const { headline, remarks } = answerOf({
    settings: FIVE,
    sweep: { state: 'running', ended_ms: null },
    change: ({ number }) => (number === 2 ? { state: 'running' } : {}),
  });
  expect(headline).toBe('So far plateau leads: it beats the best fixed rate.');
  expect(remarks).toContain('1 of 18 trials are still to come.');
});

test('before anything has completed the best value so far is told', () => {
  const { headline, sureness, remarks } = answerOf({
    settings: two(0.5, 0.25),
    noise: 0,
    seeds: [1],
    sweep: { state: 'running' },
    change: () => ({ state: 'running' }),
  });
  expect(headline).toBe('No trial has completed with a value.');
  expect(sureness).toBe('The sweep is still running.');
  expect(remarks).toEqual([
    'The best val_loss so far is 0.2500, of #2 plateau lr 0.1 factor 0.5 after epoch 4.',
  ]);
});

test('where everything failed there is no answer', () => {
  const { headline, sureness } = answerOf({
    settings: FIVE,
    change: () => ({ state: 'failed', best_value: null }),
  });
  expect(headline).toBe('Every trial failed or diverged.');
  expect(sureness).toContain('under Failures');
});

const QUARTER = { value: 0.25, best_value: 0.25 };

test('equal numbers are called equal', () => {
  expect(answerOf({ settings: two(1, 1), change: () => QUARTER }).headline).toContain(
    'came to the same numbers',
  );
});

test('intervals are written with as many places on both sides', () => {
  expect(intervalText({ low: -0.02293, high: 0.02138 })).toBe('0.0229 worse to 0.0214 better');
  expect(intervalText({ low: 0.011, high: 1.9 })).toBe('0.01 to 1.90 better');
  expect(intervalText({ low: -3, high: -0.5 })).toBe('0.50 to 3.00 worse');
  expect(intervalText({ low: undefined, high: undefined })).toBe('');
});
