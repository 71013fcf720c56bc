// Bugs of the references that the golden traces freeze, and what we do instead.

import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import { runStrategy } from './run-strategy.ts';

const PLATEAU = { strategy: 'plateau', lr: 1, monitor: 'm', mode: 'min', factor: 0.5, patience: 2 };

function follow(spec: object, values: readonly (number | undefined)[]): readonly number[] {
  const metrics = values.map((m): Record<string, number> => (m === undefined ? {} : { m }));
  return runStrategy(
    { ...PLATEAU, ...spec },
    { epochs: values.length + 1, stepsPerEpoch: 1 },
    metrics,
  ).lr;
}

describe('Keras 3: a first metric that is not finite becomes best for ever', () => {
  test('a first NaN is a bad epoch, and later values are improvements', () => {
    expect(follow({}, [Number.NaN, 5, 4, 3, 2, 1])).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });

  test('two NaN in a row are two bad epochs, even at the start', () => {
    expect(follow({}, [Number.NaN, Number.NaN, 5, 4])).toEqual([1, 1, 0.5, 0.5, 0.5]);
  });

  test('a first infinity is a bad epoch', () => {
    expect(follow({}, [Infinity, Infinity, 5])).toEqual([1, 1, 0.5, 0.5]);
  });

  test('an infinity of the good side is a bad epoch and never best', () => {
    expect(follow({}, [3, -Infinity, 2, 1, 0])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(follow({ mode: 'max' }, [3, Infinity, Infinity, 4])).toEqual([1, 1, 1, 0.5, 0.5]);
  });
});

describe('Keras 3: float32 in the comparison with min_lr', () => {
  test('minlr_just_below: a floor just below the learning rate does not block the cut', () => {
    const floor = 0.099_999_999_9;
    expect(follow({ lr: 0.1, min_lr: floor }, [1, 1, 1]).at(-1)).toBe(floor);
  });

  test('factor_tiny: a learning rate below the smallest float32 is cut further', () => {
    const factor = 1e-30;
    const cuts = follow({ factor, patience: 1 }, [1, 1, 1, 1]);
    expect(cuts).toEqual([1, 1, factor, factor * factor, factor * factor * factor]);
  });
});

describe('PyTorch and Optax: relative thresholds fail below zero', () => {
  const relative = { counting: 'torch', threshold_mode: 'rel', min_delta: 0.1 };

  test('an equal negative value is no improvement', () => {
    expect(follow(relative, [-1, -1, -1, -1])).toEqual([1, 1, 1, 1, 0.5]);
  });

  test('a negative value must be better by a share of its size', () => {
    expect(follow(relative, [-1, -1.05, -1.08, -1.09])).toEqual([1, 1, 1, 1, 0.5]);
    expect(follow(relative, [-1, -1.2, -1.4, -1.6])).toEqual([1, 1, 1, 1, 1]);
  });

  test('the same holds upwards', () => {
    expect(follow({ ...relative, mode: 'max' }, [-1, -1, -1, -1])).toEqual([1, 1, 1, 1, 0.5]);
    expect(follow({ ...relative, mode: 'max' }, [-1, -0.8, -0.6])).toEqual([1, 1, 1, 1]);
  });

  test('a threshold of the whole value lets the first finite value be best', () => {
    expect(follow({ ...relative, min_delta: 1 }, [1, 0.5, 0.3, 0.2])).toEqual([1, 1, 1, 1, 0.5]);
  });
});

test('Optax: patience 0 cuts after bad epochs, not after improvements', () => {
  expect(follow({ counting: 'torch', patience: 0 }, [3, 2, 1, 1])).toEqual([1, 1, 1, 1, 0.5]);
});

test('tf.keras 2: a direction is never guessed from a metric’s name', () => {
  const parsed = parseStrategy({ strategy: 'plateau', lr: 1, monitor: 'account_error' });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'mode' }] });
});

test('PyTorch: a milestone between two epochs acts instead of never', () => {
  const run = { epochs: 4, stepsPerEpoch: 2 };
  const { lr } = runStrategy({ strategy: 'multistep', lr: 1, milestones: [2.5], gamma: 0.5 }, run);
  expect(lr).toEqual([1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);
});

test('PyTorch: a warm-up of no steps has no effect instead of staying at its factor for ever', () => {
  const warmup = { length: 0, start_factor: 0.1 };
  const { lr } = runStrategy({ strategy: 'fixed', lr: 1, warmup }, { epochs: 3, stepsPerEpoch: 1 });
  expect(lr).toEqual([1, 1, 1]);
});

test('Keras: boundaries that do not rise are refused instead of adding up values', () => {
  const parsed = parseStrategy({
    strategy: 'piecewise',
    values: [0.1, 0.01, 0.001],
    boundaries: [8, 4],
  });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'boundaries' }] });
});
