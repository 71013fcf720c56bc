// What a range test came to, as a `learning_rate:` block of a sweep file. Promise: the sweep file's parser takes it as it stands.

/** Learning rates as numbers that people write. */
export type Block = {
  /** Constant rates around the one that was found, in rising order. */
  readonly fixed: readonly number[];
  readonly cyclic: {
    readonly base_lr: number;
    readonly max_lr: number;
    readonly step_size: string;
  };
};

/** Neighbours on the grid are half a decade away. */
const AROUND = [1 / 3, 1, 3] as const;
/** Smith 2015, section 3.2: half a cycle of two to ten epochs. */
const STEP_SIZE = '2 epochs';

/** Two digits are more than a range test knows. Rates at which the test diverged, `limit` and above, are left out. */
export function toBlock(
  { base_lr, max_lr }: { readonly base_lr: number; readonly max_lr: number },
  limit: number,
): Block {
  const around = AROUND.map((factor) => toTwoDigits(factor * max_lr));
  return {
    fixed: around.filter((rate, i) => AROUND[i] === 1 || rate < limit),
    cyclic: {
      base_lr: toTwoDigits(base_lr),
      max_lr: toTwoDigits(max_lr),
      step_size: STEP_SIZE,
    },
  };
}

/** The block's lines. */
export function toYaml({ fixed, cyclic }: Block): readonly string[] {
  const { base_lr, max_lr, step_size } = cyclic;
  return [
    'learning_rate:',
    `  - { strategy: fixed, lr: [${fixed.join(', ')}] }`,
    `  - { strategy: cyclic, base_lr: ${base_lr}, max_lr: ${max_lr}, step_size: ${step_size} }`,
  ];
}

function toTwoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
