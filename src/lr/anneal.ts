// From one value to another over a length of steps, in a straight line, by a factor, or along half a cosine.
// Promise: the first and the last value are exact, and nothing in between leaves their bounds by an ulp.

/** The share of `length` steps that has passed after `steps` of them, from 0 to 1; a length of nothing has passed. */
export function progress(steps: number, length: number): number {
  if (steps >= length) return 1;
  return steps <= 0 ? 0 : steps / length;
}

/** Straight from `from` to `to`; `share` goes from 0 to 1. */
export function annealLinear(from: number, to: number, share: number): number {
  return atEnds(from, to, share, from + (to - from) * share);
}

/** Up from `from`, above 0, to `to` by the same factor for each equal share: `from × (to / from)^share`. */
export function annealExponential(from: number, to: number, share: number): number {
  if (share <= 0 || from === to) return from;
  return share >= 1 ? to : Math.min(to, from * (to / from) ** share);
}

/** Along half a cosine from `from` to `to`: `to + (from - to) × (1 + cos(π × share)) / 2` (SGDR, arXiv 1608.03983, eq. 5). */
export function annealCosine(from: number, to: number, share: number): number {
  return annealBy(from, to, share, halfCosine(share));
}

/** The height that is left after a share of half a cosine, from 1 to 0. */
export function halfCosine(share: number): number {
  return 0.5 * (1 + Math.cos(Math.PI * share));
}

/** From `from` to `to` where, after `share` of the time, `height` of the way is left. */
export function annealBy(from: number, to: number, share: number, height: number): number {
  return atEnds(from, to, share, to + (from - to) * height);
}

function atEnds(from: number, to: number, share: number, value: number): number {
  if (share <= 0 || from === to) return from;
  if (share >= 1) return to;
  return from < to ? Math.min(to, Math.max(from, value)) : Math.max(to, Math.min(from, value));
}
