// As many settings as one asks for, of four strategies over a grid.

import type { SampleSetting } from './sample-rows.ts';

/** Settings that differ in every field that they have, some of them good. */
export function manySettings(count: number): readonly SampleSetting[] {
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c] = [i % 7, Math.floor(i / 7) % 9, Math.floor(i / 63)];
    const lr = Number((10 ** (-1 - a / 3)).toPrecision(3));
    const config = { batch_size: 16 * 2 ** (b % 4), width: 32 + c, variant: i };
    return { ...toStrategy(i % 4, lr, b), config, level: 0.2 + a / 20 + ((b * 3) % 7) / 40 };
  });
}

function toStrategy(
  kind: number,
  lr: number,
  b: number,
): Pick<SampleSetting, 'strategy' | 'fields'> {
  if (kind === 0) return { strategy: 'fixed', fields: { lr } };
  if (kind === 1)
    return { strategy: 'plateau', fields: { lr, factor: (1 + (b % 5)) / 10, patience: 1 + b } };
  if (kind === 2)
    return { strategy: 'cyclic', fields: { base_lr: lr / 10, max_lr: lr * (1 + b), step_size: 4 } };
  return { strategy: 'step', fields: { lr, step_size: 3 + b, gamma: 0.5 } };
}
