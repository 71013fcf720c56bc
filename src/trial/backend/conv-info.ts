// The attributes of a convolution or pooling kernel as tfjs's own description of it.
// Promise: sizes and paddings are computed by tfjs, so that a kernel of ours cannot disagree with the forward pass.

/* oxlint-disable typescript/no-unsafe-type-assertion -- tfjs hands attributes over untyped, and its ops have checked them before */

import { backend_util } from '@tensorflow/tfjs';

type Shape4 = [number, number, number, number];
type Size2 = number | [number, number];
type Padding = Parameters<typeof backend_util.computeConv2DInfo>[4];
type Rounding = Parameters<typeof backend_util.computeConv2DInfo>[5];

/** What a 2D convolution of `x` (its shape) by a filter of shape `filter` does; `dilations` are 1 where the op has none. */
export function toConvInfo(
  x: unknown,
  filter: unknown,
  attrs: Readonly<Record<string, unknown>>,
  depthwise: boolean,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    attrs['strides'] as Size2,
    (attrs['dilations'] as Size2 | undefined) ?? 1,
    attrs['pad'] as Padding,
    attrs['dimRoundingMode'] as Rounding,
    depthwise,
    attrs['dataFormat'] === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  );
}

/** What a 2D pooling of `x` (its shape, channels last) does. */
export function toPoolInfo(
  x: unknown,
  attrs: Readonly<Record<string, unknown>>,
): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(
    x as Shape4,
    attrs['filterSize'] as Size2,
    attrs['strides'] as Size2,
    1,
    attrs['pad'] as Padding,
    attrs['dimRoundingMode'] as Rounding,
  );
}
