// What holds for every strategy whatever its settings and metrics.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import { anySpec, specOf, SPECS } from './any-spec.ts';
import { makeStrategy, runStrategy, toList } from './run-strategy.ts';

const OPTIONS = { seed: 20_260_917, numRuns: 300 };

const anyMetric = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }) },
  fc.constantFrom(Number.NaN, Infinity, -Infinity, undefined),
);
const metrics = fc
  .array(anyMetric, { minLength: 8, maxLength: 8 })
  .map((values) => values.map((m): Record<string, number> => (m === undefined ? {} : { m })));
const run = fc.record({ epochs: fc.constant(8), stepsPerEpoch: fc.integer({ min: 1, max: 12 }) });

describe('every strategy of the catalogue', () => {
  test('has settings to be tested with', () => {
    expect(Object.keys(SPECS).toSorted()).toEqual(Object.keys(CATALOGUE).toSorted());
  });

  test('has one learning rate a step: finite, never negative, never above the highest it is given', () => {
    fc.assert(
      fc.property(anySpec, run, metrics, (spec, shape, seen) => {
        const ran = runStrategy(spec, shape, seen);
        expect(ran.lr).toHaveLength(shape.epochs * shape.stepsPerEpoch);
        const { low, high } = toBounds(spec);
        expect(ran.lr.filter((value) => !(value >= low && value <= high))).toEqual([]);
      }),
      OPTIONS,
    );
  });

  test('keeps momentum within its bounds, where it moves it', () => {
    const moving = fc.oneof(specOf('cyclic'), specOf('one_cycle'));
    fc.assert(
      fc.property(moving, run, (spec, shape) => {
        const { momentum } = runStrategy(spec, shape);
        expect(momentum).toHaveLength(shape.epochs * shape.stepsPerEpoch);
        const low = Number(spec['base_momentum']);
        const high = Number(spec['max_momentum']);
        expect(momentum.filter((value) => !(value >= low && value <= high))).toEqual([]);
      }),
      OPTIONS,
    );
  });

  test('gives the same controls for a stretch as for its pieces, and one number where they are all equal', () => {
    fc.assert(
      fc.property(
        anySpec,
        run,
        metrics,
        fc.integer({ min: 0, max: 96 }),
        (spec, shape, seen, cut) => {
          const strategy = makeStrategy(spec);
          const total = shape.epochs * shape.stepsPerEpoch;
          const middle = Math.min(cut, total);
          const start = strategy.start(shape);
          const state = seen.reduce((s: unknown, m, e) => strategy.observe(s, e, m), start);
          const whole = strategy.controls(state, 0, total);
          const first = strategy.controls(state, 0, middle);
          const second = strategy.controls(state, middle, total - middle);
          for (const key of ['learningRate', 'momentum'] as const) {
            const values = toList(whole[key], total);
            const pieces = [...toList(first[key], middle), ...toList(second[key], total - middle)];
            expect(values).toEqual(pieces);
            const isNumber = typeof whole[key] === 'number';
            expect(isNumber).toBe(new Set(values).size === 1);
          }
        },
      ),
      OPTIONS,
    );
  });

  test('keeps its state as plain JSON that goes on where it was', () => {
    fc.assert(
      fc.property(anySpec, run, metrics, (spec, shape, seen) => {
        const strategy = makeStrategy(spec);
        for (const state of runStrategy(spec, shape, seen).states) {
          const copy: unknown = JSON.parse(JSON.stringify(state));
          expect(copy).toEqual(state);
          expect(strategy.controls(copy, 3, 5)).toEqual(strategy.controls(state, 3, 5));
        }
      }),
      { ...OPTIONS, numRuns: 100 },
    );
  });

  test('folds metrics in one go as in pieces, with its state on paper between them', () => {
    const cut = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(anySpec, run, metrics, cut, (spec, shape, seen, at) => {
        const strategy = makeStrategy(spec);
        const fold = (from: unknown, first: number, end: number): unknown =>
          seen.slice(first, end).reduce((s, m, i) => strategy.observe(s, first + i, m), from);
        const start = strategy.start(shape);
        const paused: unknown = JSON.parse(JSON.stringify(fold(start, 0, at)));
        expect(fold(paused, at, 8)).toEqual(fold(start, 0, 8));
      }),
      { ...OPTIONS, numRuns: 150 },
    );
  });

  test('is given back unchanged when it is parsed again', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const parsed = parseStrategy(spec);
        expect(parsed.ok && parseStrategy(parsed.strategy)).toEqual(parsed);
      }),
      OPTIONS,
    );
  });

  test('refuses any value of another type, and never throws', () => {
    const junk = fc.oneof(
      fc.constantFrom(Number.NaN, Infinity, -1, null, true, 'x', '2 weeks', [], [null], {}),
      fc.object({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(anySpec, junk, fc.nat(), (spec, value, at) => {
        const fields = Object.keys(CATALOGUE[spec.strategy]?.fields ?? {});
        const field = fields[at % fields.length] ?? '';
        const parsed = parseStrategy({ ...spec, [field]: value });
        if (parsed.ok) expect(makeStrategy(parsed.strategy)).toBeDefined();
        else for (const problem of parsed.problems) expect(problem.message).toContain('received');
      }),
      OPTIONS,
    );
  });
});

describe('plateau', () => {
  test('cuts at most once in every patience epochs', () => {
    fc.assert(
      fc.property(specOf('plateau'), metrics, (spec, seen) => {
        const { lr: rates } = runStrategy(spec, { epochs: 9, stepsPerEpoch: 1 }, seen);
        const cuts = rates.filter((rate, e) => e > 0 && rate < (rates[e - 1] ?? 0)).length;
        const between = Number(spec['patience']) + (spec['counting'] === 'torch' ? 1 : 0);
        expect(cuts).toBeLessThanOrEqual(8 / Math.max(1, between));
      }),
      OPTIONS,
    );
  });

  test('never raises the learning rate', () => {
    fc.assert(
      fc.property(specOf('plateau'), metrics, (spec, seen) => {
        const { lr: rates } = runStrategy(spec, { epochs: 9, stepsPerEpoch: 1 }, seen);
        expect(rates).toEqual(rates.toSorted((a, b) => b - a));
      }),
      OPTIONS,
    );
  });

  test('stays where it is when the metric is missing', () => {
    const spec = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', patience: 1 };
    const { states } = runStrategy(spec, { epochs: 5, stepsPerEpoch: 1 }, [{ m: 1 }, { m: 2 }]);
    expect(new Set(states.slice(2)).size).toBe(1);
  });
});

/** Bounds of the learning rate that follow from the settings alone. */
function toBounds(spec: Readonly<Record<string, unknown>>): { low: number; high: number } {
  const ends = ['lr', 'max_lr', 'end_lr', 'base_lr', 'min_lr'].flatMap((name) => {
    const value = spec[name];
    return typeof value === 'number' ? [value] : [];
  });
  const values = Array.isArray(spec['values']) ? spec['values'].map(Number) : [];
  const high = Math.max(...ends, ...values);
  const fields = CATALOGUE[String(spec['strategy'])]?.fields ?? {};
  const hasFloor = ['end_lr', 'base_lr', 'min_lr'].some((name) => Object.hasOwn(fields, name));
  if (spec['warmup'] !== undefined) return { low: 0, high };
  return { low: hasFloor ? Math.min(...ends) : 0, high };
}
