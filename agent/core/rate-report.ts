// An epoch's learning rates as they are reported: four numbers, and the series in chunks when it is not constant.
// Promise: the reported values are the float32 ones that were trained with, and no chunk exceeds a message.

import type { Series } from './control-vector.ts';

/** Values in one chunk: 256 KiB of float32. */
const CHUNK_VALUES = 64 * 1024;

/** The four numbers of an epoch's report. */
export type RateSummary = {
  readonly lrFirst: number;
  readonly lrLast: number;
  readonly lrLeast: number;
  readonly lrGreatest: number;
};

/** First, last, least and greatest rate of an epoch. */
export function summarizeRates(rates: Series): RateSummary {
  if (typeof rates === 'number') {
    return { lrFirst: rates, lrLast: rates, lrLeast: rates, lrGreatest: rates };
  }
  let [lrLeast, lrGreatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const rate of rates) {
    if (rate < lrLeast) lrLeast = rate;
    if (rate > lrGreatest) lrGreatest = rate;
  }
  return { lrFirst: rates[0] ?? 0, lrLast: rates.at(-1) ?? 0, lrLeast, lrGreatest };
}

/** A stretch of an epoch's rates. */
export type RateChunk = { readonly fromStep: number; readonly values: number[] };

/** The rates in chunks, in order; none when one rate holds for the whole epoch. */
export function toRateChunks(rates: Series, chunkValues: number = CHUNK_VALUES): RateChunk[] {
  if (typeof rates === 'number') return [];
  const chunks: RateChunk[] = [];
  for (let fromStep = 0; fromStep < rates.length; fromStep += chunkValues) {
    chunks.push({ fromStep, values: Array.from(rates.subarray(fromStep, fromStep + chunkValues)) });
  }
  return chunks;
}
