// Bugs of the references that the golden traces freeze, and what we do instead.

import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { makeStrategy, runStrategy, toList } from '../run-strategy.ts';

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

test('tfjs EarlyStopping: a first NaN is one bad epoch and no reason to end at once', () => {
  expect(follow({}, [Number.NaN])).toEqual([1, 1]);
  expect(follow({ patience: 1 }, [Number.NaN, 5, 4])).toEqual([1, 0.5, 0.5, 0.5]);
});

test('PyTorch MultiStepLR: a milestone between two epochs acts instead of never', () => {
  const run = { epochs: 4, stepsPerEpoch: 2 };
  const { lr } = runStrategy({ strategy: 'multistep', lr: 1, milestones: [2.5], gamma: 0.5 }, run);
  expect(lr).toEqual([1, 1, 1, 1, 1, 0.5, 0.5, 0.5]);
});

test('PyTorch LinearLR and ConstantLR with total_iters 0: a warm-up of no steps has no effect instead of staying at its factor for ever', () => {
  const run = { epochs: 3, stepsPerEpoch: 1 };
  for (const start_factor of [0, 0.1]) {
    const warmup = { length: 0, start_factor };
    expect(runStrategy({ strategy: 'fixed', lr: 1, warmup }, run).lr).toEqual([1, 1, 1]);
  }
});

test('PyTorch LinearLR with total_iters 0 from end to end: a decay of no steps is refused', () => {
  const spec = { strategy: 'polynomial', lr: 1, decay_steps: 0 };
  expect(parseStrategy(spec)).toMatchObject({ ok: false, problems: [{ field: 'decay_steps' }] });
});

test('PyTorch 1.13 SequentialLR with a milestone 0: what comes second starts at its own step 0', () => {
  const spec = { strategy: 'exponential', lr: 1, decay_rate: 0.5, staircase: true };
  const run = { epochs: 3, stepsPerEpoch: 1 };
  const warmup = { length: 0, start_factor: 0.1 };
  expect(runStrategy({ ...spec, warmup }, run).lr).toEqual([1, 0.5, 0.25]);
});

/** The last step's learning rate and those of three steps behind it. */
function behindTheEnd(spec: object, steps: number): readonly number[] {
  const strategy = makeStrategy(spec);
  const state = strategy.start({ epochs: 1, stepsPerEpoch: steps });
  return toList(strategy.controls(state, steps - 1, 4).learningRate, 4);
}

describe('PyTorch OneCycleLR', () => {
  const CYCLE = { strategy: 'one_cycle', max_lr: 0.1 };

  test('one step past the end: the learning rate stays instead of rising again', () => {
    expect(behindTheEnd(CYCLE, 100)).toEqual([4e-7, 4e-7, 4e-7, 4e-7]);
  });

  test('one step past the end, linear: it stays instead of becoming negative', () => {
    expect(behindTheEnd({ ...CYCLE, anneal: 'linear' }, 100)).toEqual([4e-7, 4e-7, 4e-7, 4e-7]);
    const phases = { ...CYCLE, anneal: 'linear', three_phase: true };
    expect(behindTheEnd(phases, 100).filter((rate) => rate <= 0)).toEqual([]);
  });

  test.each([
    [10, 0.1],
    [2, 0.5],
    [4, 0.25],
  ])(
    'of %d steps with pct_start %d: a rise of no length is left out instead of dividing by zero',
    (steps, pct_start) => {
      const { lr, momentum } = runStrategy(
        { ...CYCLE, pct_start, base_momentum: 0.85, max_momentum: 0.95 },
        { epochs: 1, stepsPerEpoch: steps },
      );
      expect([lr[0], momentum[0]]).toEqual([0.1, 0.85]);
      expect(lr).toEqual(lr.toSorted((a, b) => b - a));
      expect([lr.at(-1), momentum.at(-1)]).toEqual([4e-7, 0.95]);
    },
  );

  test('with pct_start 1: the last step is the peak instead of an error', () => {
    const { lr } = runStrategy({ ...CYCLE, pct_start: 1 }, { epochs: 1, stepsPerEpoch: 10 });
    expect(lr.at(-1)).toBe(0.1);
    expect(behindTheEnd({ ...CYCLE, pct_start: 1 }, 10)).toEqual([0.1, 0.1, 0.1, 0.1]);
  });
});

describe('Keras CosineDecayRestarts and PyTorch CosineAnnealingWarmRestarts: no restart is missed', () => {
  test.each([
    [3, 121],
    [10, 111],
  ])('t_mul %d at step %d', (t_mul, restart) => {
    const spec = { strategy: 'cosine_restarts', lr: 0.1, min_lr: 0.001, first: 1, t_mul };
    const { lr } = runStrategy(spec, { epochs: 1, stepsPerEpoch: restart + 2 });
    expect(lr[restart]).toBe(0.1);
    expect(lr[restart - 1]).toBeLessThan(0.0012);
  });

  test('nor one of a whole power, far out', () => {
    for (const t_mul of [2, 3, 5, 6, 7, 10]) {
      const strategy = makeStrategy({ strategy: 'cosine_restarts', lr: 0.1, first: 1, t_mul });
      const state = strategy.start({ epochs: 1, stepsPerEpoch: 1 });
      for (let restart = 1; restart < 1e9; restart = restart * t_mul + 1)
        expect(strategy.controls(state, restart, 1)).toEqual({ learningRate: 0.1 });
    }
  });
});

test('Keras: boundaries that do not rise are refused instead of adding up values', () => {
  const parsed = parseStrategy({
    strategy: 'piecewise',
    values: [0.1, 0.01, 0.001],
    boundaries: [8, 4],
  });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field: 'boundaries' }] });
});
