// Bytes that no one meant: garbage, and good messages with something changed.

import type { Dice } from '../support/dice.ts';

/** Numbers at the ends of what fields hold, as protobuf writes them. */
const VARINTS: readonly (readonly number[])[] = [
  [0],
  [0x7f],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
];

/** Any bytes. */
export function randomBytes(dice: Dice, most: number): Buffer {
  return Buffer.from(Array.from({ length: dice.below(most) }, () => dice.below(256)));
}

/** The same with up to four changes, each of which a careless reader could stumble over. */
export function mutate(dice: Dice, bytes: Uint8Array, other: Uint8Array): Buffer {
  let mutated: Buffer = Buffer.from(bytes);
  for (let left = 1 + dice.below(4); left > 0; left -= 1)
    mutated = change(dice, mutated, Buffer.from(other));
  return mutated;
}

function change(dice: Dice, bytes: Buffer, other: Buffer): Buffer {
  const at = dice.below(bytes.length + 1);
  const to = at + dice.below(bytes.length - at + 1);
  const [before, middle, after] = [
    bytes.subarray(0, at),
    bytes.subarray(at, to),
    bytes.subarray(to),
  ];
  const pieces = dice.pick<() => readonly Uint8Array[]>([
    () => [before],
    () => [before, after],
    () => [before, middle, middle, after],
    () => [before, other, after],
    () => [before, randomBytes(dice, 8), bytes.subarray(at)],
    () => [before, Buffer.from(dice.pick(VARINTS)), bytes.subarray(at + 1)],
    () => [flipped(dice, bytes)],
    () => [bytes, nested(dice.below(200))],
  ])();
  return Buffer.concat(pieces);
}

function flipped(dice: Dice, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = dice.below(bytes.length);
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8));
  return copy;
}

/** Groups in groups, which no message of ours has and every reader has to step over. */
function nested(levels: number): Buffer {
  return Buffer.concat([Buffer.alloc(levels, 0x0b), Buffer.alloc(levels, 0x0c)]);
}
