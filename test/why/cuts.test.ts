// A cut is told exactly where the strategy itself lowers the rate, whatever the metric does.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { findCuts } from '../../src/why/cuts.ts';

/** `SEED=… npx vitest run test/why` begins elsewhere. */
const SEED = Number(process.env['SEED'] ?? 20_261_126);

const VALUES = fc.array(
  fc.oneof(
    fc.constantFrom(undefined, Number.NaN, Infinity),
    fc.integer({ min: 0, max: 6 }).map((n) => n / 4),
  ),
  { minLength: 1, maxLength: 30 },
);

const SPEC = fc.record({
  patience: fc.integer({ min: 0, max: 3 }),
  cooldown: fc.integer({ min: 0, max: 2 }),
  counting: fc.constantFrom('keras', 'torch'),
  min_delta: fc.constantFrom(0, 0.25),
  min_lr: fc.constantFrom(0, 0.02),
});

test('for random metrics the cuts are the epochs at which the rate falls, from what to what', () => {
  fc.assert(
    fc.property(SPEC, VALUES, (fields, values) => {
      const spec = {
        strategy: 'plateau',
        lr: 0.5,
        factor: 0.5,
        monitor: 'val_loss',
        mode: 'min',
        ...fields,
      };
      const strategy = createStrategy(spec);
      let state = strategy.start({ stepsPerEpoch: 1, epochs: values.length });
      const rateAt = (epoch: number): number =>
        Number(strategy.controls(state, epoch, 1).learningRate);
      const falls: (readonly [number, number, number])[] = [];
      for (const [epoch, value] of values.entries()) {
        const before = rateAt(epoch);
        state = strategy.observe(state, epoch, value === undefined ? {} : { val_loss: value });
        const after = rateAt(epoch + 1);
        if (after < before) falls.push([epoch + 1, before, after]);
      }
      const cuts = findCuts(spec, values, 1);
      expect(
        cuts.filter(({ from, to }) => to < from).map(({ epoch, from, to }) => [epoch, from, to]),
      ).toEqual(falls);
      for (const { bad, best, patience } of cuts) {
        expect(bad.length).toBeGreaterThan(0);
        expect(bad.length).toBeLessThanOrEqual(patience + 1);
        if (best !== null)
          expect(bad.every(({ value }) => !(value < best - (fields.min_delta ?? 0)))).toBe(true);
      }
    }),
    { numRuns: 300, seed: SEED },
  );
});

test('other strategies have none', () => {
  expect(findCuts({ strategy: 'fixed', lr: 0.5 }, [1, 1, 1, 1], 1)).toEqual([]);
});
