// Values that nobody would write and the tables of fields allow, in every field of every strategy.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CATALOGUE } from '../../src/lr/catalogue.ts';
import { parseField } from '../../src/lr/parse-field.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import type { Field } from '../../src/lr/spec.ts';
import { makeStrategy, runStrategy, toList } from './run-strategy.ts';

const NUMBERS = [0, 1e-308, 1e-9, 0.1, 0.3, 0.5, 0.999_999, 1, 1.000_001, 3, 1e9, 1e308];
const IN_WORDS =
  '0 epochs,1e-308 epochs,0.21 epochs,1 epochs,2.66 epochs,1e12 epochs,1e308 epochs,1e-308 steps,1e300 steps';
const LENGTHS = [0, 1, 2.5, 7, 1e15, 1e308, ...IN_WORDS.split(',')];
const METRICS = [{ m: 1 }, { m: Number.NaN }, { m: -1e308 }, { m: 1e308 }, { m: Infinity }];

function valueOf({ type, optional }: Field): fc.Arbitrary<unknown> {
  const given = drawn(type.kind, type);
  return optional === true ? fc.option(given, { nil: undefined }) : given;
}

function drawn(kind: Field['type']['kind'], type: Field['type']): fc.Arbitrary<unknown> {
  const number = fc.constantFrom(
    ...NUMBERS.filter(
      (n) => type.kind !== 'number' || parseField({ type, about: '' }, n) === undefined,
    ),
  );
  const length = fc.constantFrom(...LENGTHS);
  switch (kind) {
    case 'number':
      return number;
    case 'integer':
      return fc.constantFrom(0, 1, 3, Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return fc.boolean();
    case 'text':
      return fc.constant('m');
    case 'choice':
      return fc.constantFrom(...('choices' in type ? type.choices : []));
    case 'duration':
      return length;
    case 'numbers':
      return fc.array(number, { minLength: 1, maxLength: 3 });
    case 'durations':
      return fc.array(length, { maxLength: 3 });
    case 'warmup':
      return fc.record({ length, start_factor: fc.constantFrom(0, 1e-308, 0.1, 1) });
  }
}

function specOf(strategy: string): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = CATALOGUE[strategy]?.fields ?? {};
  const values = Object.entries(fields).map(([name, field]): [string, fc.Arbitrary<unknown>] => [
    name,
    valueOf(field),
  ]);
  return fc.record(Object.fromEntries(values)).map((some) => ({ ...some, strategy }));
}

/** Only these can rise without end, and say so: a factor above 1 at every step or stair. */
const UNBOUNDED = new Set(['step', 'multistep', 'exponential', 'cyclic']);

const RUN = { epochs: 5, stepsPerEpoch: 30 };

describe.each(Object.keys(CATALOGUE))('%s', (strategy) => {
  test('is a number of at least 0 at every step, in pieces as in one, and its state is plain JSON', () => {
    let good = 0;
    fc.assert(
      fc.property(specOf(strategy), fc.nat(149), (spec, cut) => {
        if (!parseStrategy(spec).ok) return;
        good += 1;
        const { lr, momentum, states } = runStrategy(spec, RUN, METRICS);
        const high = UNBOUNDED.has(strategy) ? Infinity : Number.MAX_VALUE;
        expect([...lr, ...momentum].filter((value) => !(value >= 0 && value <= high))).toEqual([]);
        for (const state of states) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
        const instance = makeStrategy(spec);
        const rest = instance.controls(states.at(-1), cut, 150 - cut).learningRate;
        const whole = toList(instance.controls(states.at(-1), 0, 150).learningRate, 150);
        expect(toList(rest, 150 - cut)).toEqual(whole.slice(cut));
      }),
      { seed: 20_261_126, numRuns: 400 },
    );
    expect(good).toBeGreaterThan(10);
  });
});
