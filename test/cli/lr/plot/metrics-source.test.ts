// What a strategy that follows a metric is told, and the words that say so.

import { expect, test } from 'vitest';
import { parseStrategy } from '../../../../src/lr/parse-strategy.ts';
import type { StrategySpec } from '../../../../src/lr/spec.ts';
import { tellRecorded, tellSynthetic } from '../../../../src/cli/lr/plot/metrics-source.ts';
import { findHappenings } from '../../../../src/cli/lr/plot/marks.ts';
import { traceStrategy } from '../../../../src/cli/lr/trace-strategy.ts';

const RUN = { epochs: 12, stepsPerEpoch: 4 } as const;

function plateau(fields: Readonly<Record<string, unknown>>): StrategySpec {
  const given = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', patience: 2, ...fields };
  const parsed = parseStrategy(given);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.strategy;
}

test.each([
  {},
  { mode: 'max' },
  { min_delta: 7 },
  { threshold_mode: 'rel', min_delta: 0.5 },
  { threshold_mode: 'rel', min_delta: 3, mode: 'max' },
  { threshold_mode: 'rel', min_delta: 3 },
  { min_delta: 0, counting: 'keras' },
])(
  'a synthetic metric improves for a quarter of the epochs, whatever counts as better: %j',
  (fields) => {
    const spec = plateau(fields);
    const told = tellSynthetic(spec, 'm', RUN);
    if (!told.ok) throw new Error(told.problem);
    expect(told.words).toBe('m: synthetic, improves for 3 epochs, then stays flat');
    const { rates } = traceStrategy({ strategy: spec, ...RUN, metrics: told.epochs });
    const cuts = findHappenings(spec, rates, RUN.stepsPerEpoch).map(({ step }) => step / 4);
    expect(cuts).toEqual([5, 7, 9, 11]);
  },
);

test('of a training behind a warm-up the quarter is that of what is left', () => {
  const spec = plateau({ warmup: { length: '4 epochs' } });
  expect(tellSynthetic(spec, 'm', RUN)).toMatchObject({
    words: 'm: synthetic, improves for 6 epochs, then stays flat',
  });
});

test('a synthetic metric of many epochs stays finite', () => {
  const spec = plateau({ threshold_mode: 'rel', min_delta: 1000 });
  const told = tellSynthetic(spec, 'm', { epochs: 5000, stepsPerEpoch: 1 });
  expect(told.ok && told.epochs.every(({ m }) => Number.isFinite(m))).toBe(true);
});

test('recorded metrics say where they are from and how far they go', () => {
  const metrics = { kind: 'named', epochs: [{ m: 1 }, { m: 2 }, {}] } as const;
  expect(tellRecorded({ metrics, from: 'run.csv' }, 'm', 3)).toEqual({
    ok: true,
    epochs: metrics.epochs,
    words: 'm: 3 epochs from run.csv',
  });
  expect(tellRecorded({ metrics, from: 'run.csv' }, 'm', 5)).toMatchObject({
    words: 'm: 3 epochs from run.csv; epochs after that report nothing',
  });
});

test('a plain list is of whichever metric is followed', () => {
  const metrics = { kind: 'plain', values: [1, 2] } as const;
  expect(tellRecorded({ metrics, from: 'list' }, 'm', 1)).toEqual({
    ok: true,
    epochs: [{ m: 1 }, { m: 2 }],
    words: 'm: 1 epoch from list',
  });
});

test('a metric that was not recorded is refused with those that were', () => {
  const metrics = { kind: 'named', epochs: [{ loss: 1 }, { acc: 2 }] } as const;
  expect(tellRecorded({ metrics, from: 'run.csv' }, 'm', 2)).toEqual({
    ok: false,
    problem: 'run.csv has no m, which is followed; it has loss, acc',
  });
});
