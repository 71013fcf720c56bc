// Randomness that is named, not stored: `rngFor(seed, 'shuffle', 3)` is the same stream on every machine, and streams with
// different names are independent. Promise: a pure function of its arguments; no state outlives the generator returned.
//
// The generator is Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011),
// checked against the known answers of its reference implementation, Random123. The name of a stream is turned into
// 128 bits by absorbing its parts through the same function; two of the words are the key, two fix half of the counter.

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** What tells apart the words of a number from those of a text, so that `1` and `'1'` name different streams. */
const TAG = { numberLow: 1, numberHigh: 2, textLength: 3, text: 4 } as const;

/**
 * The stream of random numbers with this name: uniform in [0, 1), 53 bits each, 2^65 of them before it repeats.
 *
 * @param seed any finite number
 * @param path what the stream is for, such as `'shuffle', epoch`; order and type of the parts matter
 */
export function rngFor(seed: number, ...path: readonly (string | number)[]): () => number {
  const name = [seed, ...path].reduce<Uint32Array>(absorb, new Uint32Array(4));
  const [key0 = 0, key1 = 0, fixed0 = 0, fixed1 = 0] = name;
  const words = new Uint32Array(4);
  let block = 0;
  let second = false;
  return () => {
    if (!second) {
      words.set([block, Math.floor(block / 2 ** 32), fixed0, fixed1]);
      philox4x32(words, key0, key1);
      block += 1;
    }
    second = !second;
    return second ? toUnit(words[0] ?? 0, words[1] ?? 0) : toUnit(words[2] ?? 0, words[3] ?? 0);
  };
}

/** Philox4x32-10: replaces the four words of `counter` by the random words that belong to it under the key. */
export function philox4x32(counter: Uint32Array, key0: number, key1: number): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** The upper 32 bits of the 64-bit product of two unsigned words; in halves, since a double holds 53 bits. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return aHigh * bHigh + (middle >>> 16) + (carry >>> 16);
}

/** 53 of the 64 bits as a fraction of one. */
function toUnit(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

function absorb(state: Uint32Array, part: string | number): Uint32Array {
  return typeof part === 'number' ? absorbNumber(state, part) : absorbText(state, part);
}

function absorbNumber(state: Uint32Array, value: number): Uint32Array {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value + 0); // + 0: minus zero is zero
  return absorbWord(
    absorbWord(state, bits.getUint32(4), TAG.numberLow),
    bits.getUint32(0),
    TAG.numberHigh,
  );
}

function absorbText(state: Uint32Array, text: string): Uint32Array {
  let next = absorbWord(state, text.length, TAG.textLength);
  for (let at = 0; at < text.length; at += 1)
    next = absorbWord(next, text.charCodeAt(at), TAG.text);
  return next;
}

function absorbWord(state: Uint32Array, word: number, tag: number): Uint32Array {
  const next = state.slice();
  philox4x32(next, word, tag);
  return next;
}
