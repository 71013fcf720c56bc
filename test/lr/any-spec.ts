// Settings of every strategy, by chance: what property tests draw from.

import fc from 'fast-check';

import { CATALOGUE } from '../../src/lr/catalogue.ts';

/** The values of some strategy's fields. */
export type Spec = Readonly<Record<string, unknown>> & { readonly strategy: string };

const lr = fc.double({ min: 1e-6, max: 10, noNaN: true });
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const length = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }).map((n) => `${n} steps`),
  fc.double({ min: 0.1, max: 6, noNaN: true }).map((n) => `${n.toFixed(2)} epochs`),
);
const epochs = fc.integer({ min: 1, max: 6 });
const rising = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 4 });
const perhaps = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** Two learning rates, the lower one first; at times they are one. */
const ordered = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(lr, lr).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]) },
  { weight: 1, arbitrary: lr.map((one) => [one, one]) },
  { weight: 1, arbitrary: lr.map((one) => [0, one]) },
);
const down = ordered.map(([low, high]) => ({ min_lr: low, lr: high }));
const momenta = fc.tuple(share, share).map((pair) => ({
  base_momentum: Math.min(...pair),
  max_momentum: Math.max(...pair),
}));

type Fields = Readonly<Record<string, unknown>>;

/** Fields that go together and fields that are drawn alone. */
function withPairs(
  pairs: readonly fc.Arbitrary<Fields>[],
  alone: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<Fields> {
  return fc
    .tuple(fc.record(alone), ...pairs)
    .map(([fields, ...others]) => Object.assign({}, fields, ...others));
}

const decaying = { decay_rate: share, decay_steps: length, staircase: fc.boolean() };

/** Settings of each strategy without its warm-up. */
export const SPECS: Readonly<Record<string, fc.Arbitrary<Fields>>> = {
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
  exponential: fc.record({ lr, ...decaying }),
  inverse_time: fc.record({
    lr,
    ...decaying,
    decay_rate: fc.double({ min: 0, max: 100, noNaN: true }),
  }),
  polynomial: fc.record({
    lr,
    end_lr: fc.oneof(lr, fc.constant(0)),
    decay_steps: perhaps(length),
    power: fc.constantFrom(0, 0.5, 1, 1.7, 3),
    cycle: fc.boolean(),
  }),
  cosine: withPairs([down], { decay_steps: perhaps(length) }),
  cosine_restarts: withPairs([down], {
    first: length,
    t_mul: fc.constantFrom(1, 1.25, 1.5, 2, 3),
    m_mul: fc.constantFrom(0, 0.3, 0.5, 1),
  }),
  one_cycle: fc.boolean().chain((three_phase) =>
    withPairs([momenta], {
      max_lr: lr,
      pct_start: fc.oneof(
        fc.constantFrom(0, 0.25, 0.3, 0.5),
        fc.double({ min: 0, max: three_phase ? 0.5 : 1, noNaN: true }),
      ),
      div_factor: fc.constantFrom(1, 4, 25),
      final_div_factor: fc.constantFrom(1, 100, 10_000),
      anneal: fc.constantFrom('cos', 'linear'),
      three_phase: fc.constant(three_phase),
    }),
  ),
  cyclic: withPairs([ordered.map(([low, high]) => ({ base_lr: low, max_lr: high })), momenta], {
    step_size: length,
    mode: fc.constantFrom('triangular', 'triangular2', 'exp_range'),
    gamma: share,
  }),
  wsd: withPairs([down], {
    decay: fc.oneof(length, fc.constant(0)),
    decay_type: fc.constantFrom('linear', 'cosine', '1-sqrt'),
  }),
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
  range_test: fc.constantFrom('exponential', 'linear').chain((scale) =>
    ordered.map(([low = 0, max_lr = 0]) => ({
      min_lr: low === 0 && scale === 'exponential' ? max_lr : low,
      max_lr,
      scale,
    })),
  ),
};

/** Settings of one strategy without a warm-up. */
export function specOf(strategy: string): fc.Arbitrary<Spec> {
  const fields = SPECS[strategy];
  if (fields === undefined) throw new Error(`no settings to test ${strategy} with`);
  return fields.map((some) => ({ ...some, strategy }));
}

/** A warm-up, in steps or in epochs, which may end within an epoch or behind the training. */
export const anyWarmup = fc.record({
  length: fc.oneof(
    fc.integer({ min: 0, max: 30 }),
    fc.double({ min: 0, max: 9, noNaN: true }).map((n) => `${n.toFixed(2)} epochs`),
  ),
  start_factor: share,
});

/** Settings of any strategy, with or without a warm-up. */
export const anySpec: fc.Arbitrary<Spec> = fc
  .constantFrom(...Object.keys(CATALOGUE))
  .chain((strategy) => fc.tuple(specOf(strategy), perhaps(anyWarmup)))
  .map(([spec, warmup]) => (warmup === undefined ? spec : { ...spec, warmup }));
