// The gradients of convolutions on wasm against cpu, over the shapes that tfjs allows.

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAgreement, expectClose, randomTensor, runOn, startBoth } from './both-backends.ts';

beforeAll(startBoth);

const RUNS = { numRuns: 100, seed: 20 };
const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const pair = (max: number): fc.Arbitrary<[number, number]> => fc.tuple(size(max), size(max));

type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];

const edges = fc.tuple(fc.nat(2), fc.nat(2));
const padding: fc.Arbitrary<Padding> = fc.oneof(
  fc.constantFrom<Padding>('same', 'valid'),
  fc.nat(2),
  fc.tuple(edges, edges).map(([rows, columns]): Padding => [[0, 0], rows, columns, [0, 0]]),
);

type Convolution = {
  readonly seed: number;
  readonly batch: number;
  readonly input: [number, number];
  readonly channels: [number, number];
  readonly filter: [number, number];
  readonly strides: [number, number];
  readonly pad: Padding;
};

const drawn: fc.Arbitrary<Convolution> = fc.record({
  seed: fc.nat(1000),
  batch: size(3),
  input: pair(9),
  channels: pair(4),
  filter: pair(4),
  strides: pair(3),
  pad: padding,
});

// tfjs computes the output of a numeric padding from the filter's height alone: for other filters its own forward pass writes past its output.
const convolution = drawn.map((c): Convolution =>
  typeof c.pad === 'number'
    ? { ...c, filter: [c.filter[0], c.filter[0]], strides: [c.strides[0], c.strides[0]] }
    : c,
);

/** The shapes of a convolution, or nothing where it has no output. */
function shapesOf(
  { batch, input, channels, filter, strides, pad }: Convolution,
  dilations: [number, number] = [1, 1],
): { x: number[]; w: number[]; y: number[]; out: number } {
  const x: [number, number, number, number] = [batch, ...input, channels[0]];
  const w: [number, number, number, number] = [...filter, ...channels];
  const info = tf.backend_util.computeConv2DInfo(x, w, strides, dilations, pad);
  return { x, w, y: info.outShape, out: Math.min(info.outHeight, info.outWidth) };
}

function toChannelsFirst([n = 0, h = 0, v = 0, k = 0]: number[]): number[] {
  return [n, k, h, v];
}

function run(kernel: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(kernel, inputs, attrs);
}

const depthwise =
  (c: Pick<Convolution, 'strides' | 'pad'>, dilations: [number, number]) =>
  (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, c.strides, c.pad, 'NHWC', dilations);

describe('the gradients of a convolution', () => {
  test('agree with cpu for any shape, stride and padding', async () => {
    await fc.assert(
      fc.asyncProperty(convolution, async (c) => {
        const { x, w, y, out } = shapesOf(c);
        fc.pre(out > 0);
        const gradients = tf.grads((image, filter) =>
          tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, c.strides, c.pad),
        );
        await expectAgreement(() =>
          gradients(
            [randomTensor(c.seed, x), randomTensor(c.seed + 1, w)],
            randomTensor(c.seed + 2, y),
          ),
        );
      }),
      RUNS,
    );
  });

  test('agree with cpu where channels come first', async () => {
    await fc.assert(
      fc.asyncProperty(convolution, async (c) => {
        const { x, w, y, out } = shapesOf(c);
        fc.pre(out > 0 && typeof c.pad !== 'object');
        const attrs = { strides: c.strides, pad: c.pad as number, dataFormat: 'NCHW' };
        await expectAgreement(() => {
          const dy = randomTensor(c.seed, toChannelsFirst(y));
          const image = randomTensor(c.seed + 1, toChannelsFirst(x));
          const filter = randomTensor(c.seed + 2, w);
          return [
            run('Conv2DBackpropFilter', { x: image, dy }, { ...attrs, filterShape: w }),
            run(
              'Conv2DBackpropInput',
              { dy, filter },
              { ...attrs, inputShape: toChannelsFirst(x) },
            ),
          ];
        });
      }),
      RUNS,
    );
  });

  test.each([
    [2, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 2, 0],
    [0, 0, 0, 2],
  ])(
    'agree with cpu where the padding is wider than the filter: %i %i %i %i',
    async (top, bottom, left, right) => {
      const pad: Padding = [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
      const x = [2, 3, 4, 2];
      const plain = tf.grads((image, filter) =>
        tf.conv2d(image as tf.Tensor4D, filter as tf.Tensor4D, 1, pad),
      );
      await expectAgreement(() => plain([randomTensor(1, x), randomTensor(2, [1, 2, 2, 3])]));
      const deep = tf.grads(depthwise({ strides: [1, 1], pad }, [1, 1]));
      await expectAgreement(() => deep([randomTensor(1, x), randomTensor(2, [1, 2, 2, 2])]));
    },
  );

  test('agree with cpu at the sizes of real layers', async () => {
    const gradients = tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'));
    await expectAgreement(() =>
      gradients([randomTensor(1, [8, 15, 15, 12]), randomTensor(2, [3, 3, 12, 20])]),
    );
  });
});

describe('the gradients of a depthwise convolution', () => {
  test('agree with cpu for any shape, stride, padding and depth multiplier', async () => {
    await fc.assert(
      fc.asyncProperty(convolution, async (c) => {
        const { x, w, out } = shapesOf(c);
        fc.pre(out > 0);
        await expectAgreement(() =>
          tf.grads(depthwise(c, [1, 1]))([randomTensor(c.seed, x), randomTensor(c.seed + 1, w)]),
        );
      }),
      RUNS,
    );
  });

  test('are the adjoints of the forward pass for any dilation', async () => {
    await fc.assert(
      fc.asyncProperty(convolution, pair(3), async (c, [down, across]) => {
        const dilations: [number, number] = [down, typeof c.pad === 'number' ? down : across];
        const undilated = { ...c, strides: [1, 1] as [number, number] };
        const { x, w, out } = shapesOf(undilated, dilations);
        fc.pre(out > 0);
        const [products] = await runOn('wasm', () => {
          const image = randomTensor(c.seed, x) as tf.Tensor4D;
          const filter = randomTensor(c.seed + 1, w) as tf.Tensor4D;
          const y = depthwise(undilated, dilations)(image, filter);
          const dy = randomTensor(c.seed + 2, y.shape) as tf.Tensor4D;
          const { strides, pad } = undilated;
          const attrs = { strides, pad, dilations };
          const dw = run(
            'DepthwiseConv2dNativeBackpropFilter',
            { x: image, dy },
            { ...attrs, filterShape: w },
          );
          const dx = run(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter },
            { ...attrs, inputShape: x },
          );
          return [
            tf.stack([dy.mul(y).sum(), dw.mul(filter).sum(), dx.mul(image).sum(), dy.abs().sum()]),
          ];
        });
        const [forward = 0, byFilter = 0, byInput = 0, scale = 1] = products!;
        expect(Math.abs(byFilter - forward) / scale).toBeLessThan(1e-5);
        expect(Math.abs(byInput - forward) / scale).toBeLessThan(1e-5);
      }),
      RUNS,
    );
  });
});

test('a convolution that reads only part of its input still gets the gradient right', async () => {
  await tf.setBackend('wasm');
  const [dw] = await runOn('wasm', () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], [1, 4, 4, 1]);
    return [tf.grad((w) => tf.conv2d(x, w as tf.Tensor4D, 3, 'valid'))(tf.ones([1, 1, 1, 1]))];
  });
  expectClose(dw!, Float32Array.of(1 + 4 + 13 + 16), 1e-7);
});
