// The other kernels of ours for wasm against cpu.

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAgreement, numbers, randomTensor, runOn, startBoth } from './both-backends.ts';

beforeAll(startBoth);

const RUNS = { numRuns: 100, seed: 21 };
const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const seed = fc.nat(1000);

describe('a sum over segments', () => {
  test('agrees with cpu for any ids, also such as lie outside', async () => {
    const ids = fc.array(fc.integer({ min: -2, max: 6 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        seed,
        ids,
        fc.array(size(4), { maxLength: 2 }),
        size(5),
        async (s, list, rest, segments) => {
          await expectAgreement(() => [
            tf.unsortedSegmentSum(
              randomTensor(s, [list.length, ...rest]),
              tf.tensor1d(list, 'int32'),
              segments,
            ),
          ]);
        },
      ),
      RUNS,
    );
  });

  test('adds ten thousand rows of one segment without losing digits', async () => {
    const [sum] = await runOn('wasm', () => [
      tf.unsortedSegmentSum(
        tf.ones([10_000, 1]).mul(0.1),
        tf.zeros<tf.Rank.R1>([10_000], 'int32'),
        1,
      ),
    ]);
    expect(sum![0]).toBe(Math.fround(10_000 * Math.fround(0.1)));
  });
});

describe('a product of matrices', () => {
  const shape = fc.record({
    seed,
    m: size(70),
    k: size(110),
    n: size(70),
    batch: size(3),
    tA: fc.boolean(),
    tB: fc.boolean(),
  });

  test('agrees with cpu for transposed operands and batches', async () => {
    await fc.assert(
      fc.asyncProperty(shape, fc.constantFrom('both', 'left', 'none'), async (c, batches) => {
        const outer = (has: boolean): number[] => (has ? [c.batch] : []);
        const a = [...outer(batches !== 'none'), ...(c.tA ? [c.k, c.m] : [c.m, c.k])];
        const b = [...outer(batches === 'both'), ...(c.tB ? [c.n, c.k] : [c.k, c.n])];
        await expectAgreement(() => [
          tf.matMul(randomTensor(c.seed, a), randomTensor(c.seed + 1, b), c.tA, c.tB),
        ]);
      }),
      RUNS,
    );
  });

  test('adds a bias once, also where the inner sum is long and an operand transposed', async () => {
    for (const activation of ['linear', 'relu'] as const) {
      await expectAgreement(() => [
        tf.fused.matMul({
          a: randomTensor(1, [120, 7]),
          b: randomTensor(2, [120, 9]),
          transposeA: true,
          bias: randomTensor(3, [9]),
          activation,
        }),
      ]);
    }
  });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('gives the same bits whichever operand is packed, transposed: %s, %s', async (tA, tB) => {
    const product = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.matMul(a, b, tA, tB);
    const operands = (): [tf.Tensor, tf.Tensor] => [
      randomTensor(1, tA ? [90, 8] : [8, 90]),
      randomTensor(2, tB ? [120, 90] : [90, 120]),
    ];
    await expectAgreement(() => [product(...operands())]);
    const [first, again] = await runOn('wasm', () => {
      const [a, b] = operands();
      return [product(a, b), product(a, b)];
    });
    expect(first).toEqual(again);
  });
});

const gatherInBatches = (): tf.Tensor[] => [
  tf.gather(randomTensor(1, [2, 3, 4, 2]), tf.tensor2d([0, 3, 1, 2, 2, 0], [2, 3], 'int32'), 2, 1),
];

describe('pooling, rows and slices', () => {
  test('the gradient of max pooling is that of cpu to the bit, ties and overlaps included', async () => {
    const window = fc.record({
      seed,
      input: fc.tuple(size(8), size(8)),
      channels: size(3),
      filter: size(3),
      stride: size(3),
      same: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(window, async (c) => {
        const pad = c.same ? 'same' : 'valid';
        fc.pre(c.same || Math.min(...c.input) >= c.filter);
        const coarse = (): tf.Tensor =>
          randomTensor(c.seed, [2, ...c.input, c.channels])
            .mul(3)
            .round();
        const pool = (x: tf.Tensor): tf.Tensor =>
          tf.maxPool(x as tf.Tensor4D, c.filter, c.stride, pad);
        const gradient = (): tf.Tensor[] => [tf.grad((x) => pool(x).mul(pool(x).add(2)))(coarse())];
        expect(await runOn('wasm', gradient)).toEqual(await runOn('cpu', gradient));
      }),
      RUNS,
    );
  });

  test('slices of any rank are those of cpu', async () => {
    const axis = size(4).chain((n) => fc.record({ n: fc.constant(n), begin: fc.nat(n - 1) }));
    const part = fc.array(
      axis.chain(({ n, begin }) => fc.tuple(fc.constant(n), fc.constant(begin), size(n - begin))),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(seed, part, async (s, axes) => {
        const shape = axes.map(([n]) => n);
        const cut = (): tf.Tensor[] => [
          tf.slice(
            randomTensor(s, shape),
            axes.map(([, begin]) => begin),
            axes.map(([, , count]) => count),
          ),
        ];
        expect(await runOn('wasm', cut)).toEqual(await runOn('cpu', cut));
      }),
      RUNS,
    );
  });

  test('rows gathered along any axis are those of cpu, and a row that is not there is refused', async () => {
    const table = fc.record({
      seed,
      shape: fc.array(size(4), { minLength: 1, maxLength: 4 }),
      picks: fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }),
      axis: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(table, async (c) => {
        const axis = c.axis % c.shape.length;
        const ids = c.picks.map((pick) => pick % c.shape[axis]!);
        const rows = (): tf.Tensor[] => [
          tf.gather(randomTensor(c.seed, c.shape), tf.tensor1d(ids, 'int32'), axis),
        ];
        expect(await runOn('wasm', rows)).toEqual(await runOn('cpu', rows));
      }),
      RUNS,
    );
    expect(() => tf.tidy(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([3], 'int32')))).toThrow(
      'the index value 3 is not in [0, 2]',
    );
  });

  test('gathering with a batch axis is that of cpu', async () => {
    expect(await runOn('wasm', gatherInBatches)).toEqual(await runOn('cpu', gatherInBatches));
  });
});

function rowOf(from: number): tf.Tensor1D {
  return tf.tensor1d(numbers(from, 6));
}

describe('rows that every row meets', () => {
  const OPS = { add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div };
  const rows = fc.record({
    seed,
    leading: fc.array(size(40), { minLength: 1, maxLength: 2 }),
    row: fc.array(size(12), { minLength: 1, maxLength: 2 }),
    ones: fc.nat(1),
    op: fc.constantFrom<keyof typeof OPS>('add', 'sub', 'mul', 'div'),
  });

  test('sums, differences, products and quotients are those of cpu to the bit', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (c) => {
        const compute = (): tf.Tensor[] => [
          OPS[c.op](
            randomTensor(c.seed, [...c.leading, ...c.row]),
            randomTensor(c.seed + 1, [...Array.from({ length: c.ones }, () => 1), ...c.row]),
          ),
        ];
        expect(await runOn('wasm', compute)).toEqual(await runOn('cpu', compute));
      }),
      RUNS,
    );
  });

  test('sums and means over leading axes agree with cpu', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (c, keepDims) => {
        const axes = c.leading.map((_, axis) => axis);
        await expectAgreement(() => {
          const x = randomTensor(c.seed, [...c.leading, ...c.row]);
          return [tf.sum(x, axes, keepDims), tf.mean(x, axes, keepDims)];
        });
      }),
      RUNS,
    );
  });

  test('batch normalization agrees with cpu, with and without scale and offset', async () => {
    for (const has of [true, false]) {
      await expectAgreement(() => {
        const x = randomTensor(1, [64, 5, 5, 6]) as tf.Tensor4D;
        return [
          tf.batchNorm4d(
            x,
            rowOf(2),
            rowOf(3).square(),
            has ? rowOf(4) : undefined,
            has ? rowOf(5) : undefined,
            1e-3,
          ),
        ];
      });
    }
  });
});

test('a tensor made on cpu can be used by every kernel on wasm', async () => {
  await tf.setBackend('cpu');
  const [x, w, ids] = [
    randomTensor(1, [2, 6, 6, 3]) as tf.Tensor4D,
    randomTensor(2, [3, 3, 3, 4]) as tf.Tensor4D,
    tf.tensor1d([1, 0], 'int32'),
  ];
  const gradients = (): tf.Tensor[] => [
    ...tf.grads((image, filter) =>
      tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'),
    )([x, w]),
    tf.grad((table) => tf.gather(table, ids))(x),
  ];
  const expected = tf.tidy(() => gradients().map((g) => Float32Array.from(g.dataSync())));
  await tf.setBackend('wasm');
  const actual = tf.tidy(() => gradients().map((g) => Float32Array.from(g.dataSync())));
  expect(actual.map((g) => g.length)).toEqual(expected.map((g) => g.length));
  actual.forEach((g, index) =>
    g.forEach((value, i) => expect(value).toBeCloseTo(expected[index]![i]!, 4)),
  );
  tf.dispose([x, w, ids]);
});
