// What is said to be the same as a fixed learning rate is so, step for step.

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EpochHasher } from '../../../src/plan/epoch-hasher.ts';
import { findIdle } from '../../../src/plan/notes/idle.ts';
import { anyWarmup, specOf, SPECS } from '../../lr/any-spec.ts';
import { runStrategy } from '../../lr/run-strategy.ts';
import { toSetting } from '../tree-of-texts.ts';

const shape = fc.record({
  epochs: fc.integer({ min: 1, max: 8 }),
  stepsPerEpoch: fc.integer({ min: 1, max: 20 }),
});

/** Values at which a strategy stands still, among those that it draws by chance. */
const STILL: Readonly<Record<string, readonly object[]>> = {
  step: [{ gamma: 1 }, { step_size: 8 }],
  multistep: [{ gamma: 1 }, { milestones: [8] }],
  exponential: [{ decay_rate: 1 }, { decay_steps: '8 epochs', staircase: true }],
  inverse_time: [{ decay_rate: 0 }, { decay_steps: '7 epochs', staircase: true }],
  polynomial: [{ power: 0 }, { lr: 1, end_lr: 1 }],
  cosine: [{ lr: 1, min_lr: 1 }, { decay_steps: '1e6 epochs' }],
  cosine_restarts: [
    { lr: 1, min_lr: 1 },
    { first: 1, t_mul: 1, m_mul: 1 },
  ],
  one_cycle: [
    { div_factor: 1, final_div_factor: 1, base_momentum: 0.9, max_momentum: 0.9 },
    { div_factor: 1, pct_start: 1, three_phase: false, base_momentum: 0.9, max_momentum: 0.9 },
  ],
  cyclic: [{ base_lr: 1, max_lr: 1, base_momentum: 0.9, max_momentum: 0.9 }],
  wsd: [{ decay: 1 }, { decay: 0 }, { lr: 1, min_lr: 1 }],
  range_test: [{ min_lr: 1, max_lr: 1 }],
};

test.each(Object.keys(SPECS).filter((name) => name in STILL))('%s', (strategy) => {
  const still = fc.constantFrom({}, ...(STILL[strategy] ?? []));
  const warmup = fc.option(anyWarmup, { nil: undefined });
  let found = 0;
  fc.assert(
    fc.property(specOf(strategy), still, warmup, shape, (drawn, fields, ramp, run) => {
      const spec = { ...drawn, ...fields, warmup: ramp };
      const setting = toSetting(spec, run.epochs);
      const hasher = new EpochHasher(run.stepsPerEpoch, 1e7);
      const said = findIdle(setting, run.stepsPerEpoch, hasher);
      if (said === undefined) return;
      found += 1;
      expect(said).not.toContain('undefined');
      const lr = Number(/same as fixed lr (\S+)/.exec(said)?.[1]);
      const alike = runStrategy({ strategy: 'fixed', lr, warmup: ramp }, run);
      const ours = runStrategy(setting.spec, run);
      expect(ours.lr.map(Math.fround)).toEqual(alike.lr.map(Math.fround));
      expect(new Set(ours.momentum).size).toBeLessThanOrEqual(1);
    }),
    { seed: 20_261_126, numRuns: 150 },
  );
  expect(found).toBeGreaterThan(10);
});
