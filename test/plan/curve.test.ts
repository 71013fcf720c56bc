// Learning rates as a line of blocks.

import { expect, test } from 'vitest';

import { toCurve } from '../../src/plan/curve.ts';
import { toSetting } from './tree-of-texts.ts';

test('a constant is a flat line at half the height', () => {
  const curve = toCurve(toSetting({ strategy: 'fixed', lr: 0.1 }, 3), 2, 6);
  expect(curve).toEqual({ first: 0.1, greatest: 0.1, last: 0.1, chart: '▄▄▄▄▄▄', isLog: false });
});

test('cuts by tens are steps of equal height on a logarithmic scale', () => {
  const curve = toCurve(toSetting({ strategy: 'step', lr: 1, step_size: 2 }, 6), 10, 6);
  expect(curve).toMatchObject({ chart: '██▅▅▁▁', isLog: true, first: 1, last: 0.1 ** 2 });
});

test('a cycle rises from the first step to the greatest and falls', () => {
  const cyclic = { strategy: 'cyclic', base_lr: 0.1, max_lr: 0.8, step_size: '4 epochs' };
  const curve = toCurve(toSetting(cyclic, 8), 1, 8);
  expect(curve).toMatchObject({ chart: '▂▃▅▆█▆▅▃', isLog: false, first: 0.1, greatest: 0.8 });
});

test('a plateau is drawn with its cuts as early as can be', () => {
  const plateau = { strategy: 'plateau', lr: 1, patience: 2, factor: 0.5, min_lr: 0.5 };
  expect(toCurve(toSetting(plateau, 6), 5, 6)).toMatchObject({ chart: '███▅▅▅', last: 0.5 });
});

test('of more steps than anybody would look at, even ones are taken, the last included', () => {
  const setting = toSetting({ strategy: 'step', lr: 1, step_size: 2, gamma: 0.5 }, 4);
  const curve = toCurve(setting, 1_000_003, 4);
  expect(curve).toMatchObject({ chart: '██▅▅', first: 1, greatest: 1, last: 0.5 });
});

test('fewer steps than columns are drawn wide', () => {
  const setting = toSetting({ strategy: 'step', lr: 1, step_size: 1, gamma: 0.5 }, 2);
  expect(toCurve(setting, 1, 6).chart).toBe('███▅▅▅');
});

test.each<[object, object]>([
  [
    { strategy: 'cosine', lr: 1 },
    { chart: '█▇▇▅▄▃▂▁', isLog: false, first: 1, greatest: 1 },
  ],
  [
    { strategy: 'polynomial', lr: 1, end_lr: 0.5 },
    { isLog: false, first: 1 },
  ],
  [
    { strategy: 'cosine_restarts', lr: 1, first: '4 epochs', t_mul: 1 },
    { isLog: false, first: 1, greatest: 1 },
  ],
  [
    { strategy: 'one_cycle', max_lr: 1, pct_start: 0.5 },
    { isLog: true, first: 0.04, greatest: 1, last: 4e-6 },
  ],
  [
    { strategy: 'wsd', lr: 1, decay: '4 epochs' },
    { isLog: false, first: 1, greatest: 1 },
  ],
  [
    { strategy: 'range_test', min_lr: 0.001, max_lr: 1 },
    { chart: '▁▂▃▄▅▆▇█', isLog: true, first: 0.001 },
  ],
  [
    { strategy: 'cosine', lr: 1, min_lr: 0.001 },
    { isLog: true, first: 1 },
  ],
  [
    { strategy: 'cyclic', base_lr: 0, max_lr: 1, step_size: '4 epochs' },
    { isLog: false, greatest: 1 },
  ],
  [
    { strategy: 'inverse_time', lr: 1, decay_rate: 1 },
    { isLog: false, first: 1, greatest: 1 },
  ],
])('%j is drawn', (spec, curve) => {
  const drawn = toCurve(toSetting(spec, 8), 100, 8);
  expect(drawn.chart).toHaveLength(8);
  expect(drawn).toMatchObject(curve);
});
