// Which outputs of a convolution read an input through one tap of the filter.
// Promise: for every output position in the range, `position * stride + offset` lies inside the input.

/** Output positions `from` to `to` (exclusive), and the offset that leads from `position * stride` to the input. */
export type TapRange = { readonly from: number; readonly to: number; readonly offset: number };

/** The outputs whose tap at `offset` (tap times dilation, less the padding) falls inside an axis of `inSize` elements. */
export function tapRange(
  offset: number,
  stride: number,
  inSize: number,
  outSize: number,
): TapRange {
  const from = Math.max(0, Math.ceil(-offset / stride));
  const to = Math.min(outSize, Math.ceil((inSize - offset) / stride));
  return { from, to: Math.max(from, to), offset };
}
