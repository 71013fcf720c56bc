// What holds for every strategy whatever its settings and metrics.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import { makeStrategy, runStrategy, toList } from './run-strategy.ts';

const OPTIONS = { seed: 20_260_917, numRuns: 300 };

const lr = fc.double({ min: 1e-6, max: 10, noNaN: true });
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const length = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }).map((n) => `${n} steps`),
  fc.double({ min: 0.1, max: 6, noNaN: true }).map((n) => `${n.toFixed(2)} epochs`),
);
const epochs = fc.integer({ min: 1, max: 6 });
const rising = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 4 });

const SPECS: Readonly<Record<string, fc.Arbitrary<Readonly<Record<string, unknown>>>>> = {
  fixed: fc.record({ lr }),
  step: fc.record({ lr, step_size: epochs, gamma: share }),
  multistep: fc.record({
    lr,
    milestones: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 4 }),
    gamma: share,
  }),
  piecewise: rising.chain((boundaries) =>
    fc.record({
      values: fc.array(lr, { minLength: boundaries.length + 1, maxLength: boundaries.length + 1 }),
      boundaries: fc.constant(boundaries.toSorted((a, b) => a - b)),
    }),
  ),
  exponential: fc.record({
    lr,
    decay_rate: share,
    decay_steps: length,
    staircase: fc.boolean(),
  }),
  cyclic: fc
    .record({
      ends: fc.tuple(lr, lr),
      step_size: length,
      mode: fc.constantFrom('triangular', 'triangular2', 'exp_range'),
      gamma: share,
      momenta: fc.tuple(share, share),
    })
    .map(({ ends, momenta, ...same }) => ({
      base_lr: Math.min(...ends),
      max_lr: Math.max(...ends),
      base_momentum: Math.min(...momenta),
      max_momentum: Math.max(...momenta),
      ...same,
    })),
  plateau: fc.record({
    lr,
    monitor: fc.constant('m'),
    mode: fc.constantFrom('min', 'max'),
    factor: share,
    patience: fc.integer({ min: 0, max: 4 }),
    min_delta: fc.constantFrom(0, 1e-4, 0.3),
    threshold_mode: fc.constantFrom('abs', 'rel'),
    cooldown: fc.integer({ min: 0, max: 3 }),
    min_lr: fc.constantFrom(0, 1e-7),
    counting: fc.constantFrom('keras', 'torch'),
  }),
};

function settingsOf(strategy: string): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const settings = SPECS[strategy];
  if (settings === undefined) throw new Error(`no settings to test ${strategy} with`);
  return settings;
}

const warmup = fc.option(
  fc.record({ length: fc.integer({ min: 0, max: 30 }), start_factor: share }),
  { nil: undefined },
);

const anySpec = fc.constantFrom(...Object.keys(CATALOGUE)).chain((strategy) => {
  return fc.record({ fields: settingsOf(strategy), warmup }).map((made) => ({
    strategy,
    ...made.fields,
    ...(made.warmup === undefined ? {} : { warmup: made.warmup }),
  }));
});

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
    fc.assert(
      fc.property(settingsOf('cyclic'), run, (fields, shape) => {
        const spec = { strategy: 'cyclic', ...fields };
        const { momentum } = runStrategy(spec, shape);
        expect(momentum).toHaveLength(shape.epochs * shape.stepsPerEpoch);
        const low = Number(fields['base_momentum']);
        const high = Number(fields['max_momentum']);
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
      fc.property(settingsOf('plateau'), metrics, (fields, seen) => {
        const spec = { strategy: 'plateau', ...fields };
        const { lr: rates } = runStrategy(spec, { epochs: 9, stepsPerEpoch: 1 }, seen);
        const cuts = rates.filter((rate, e) => e > 0 && rate < (rates[e - 1] ?? 0)).length;
        const between = Number(fields['patience']) + (fields['counting'] === 'torch' ? 1 : 0);
        expect(cuts).toBeLessThanOrEqual(8 / Math.max(1, between));
      }),
      OPTIONS,
    );
  });

  test('never raises the learning rate', () => {
    fc.assert(
      fc.property(settingsOf('plateau'), metrics, (fields, seen) => {
        const spec = { strategy: 'plateau', ...fields };
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
  const values = Array.isArray(spec['values']) ? spec['values'].map(Number) : [];
  const high = Number(spec['lr'] ?? spec['max_lr'] ?? Math.max(...values));
  if (spec['warmup'] !== undefined) return { low: 0, high };
  const low = Number(
    spec['base_lr'] ?? spec['min_lr'] ?? (values.length > 0 ? Math.min(...values) : 0),
  );
  return { low, high };
}
