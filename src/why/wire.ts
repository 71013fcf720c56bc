// A reason on its way to whoever asked.

import type { Reason as WireReason } from '../wire/generated/espalier/v1/sweep.ts';
import { basisOf } from './basis.ts';
import type { Reason } from './reason.ts';
import { toWords } from './words.ts';

/** With its words; NaN and infinities, which JSON lacks, as text. Names are spelled as in the database: `stage_id`. */
export function toWireReason(reason: Reason, nowMs: number): WireReason {
  const { kind, ...facts } = reason;
  const { fact, atMs } = basisOf(reason, nowMs);
  return {
    kind,
    words: toWords(reason, nowMs).join('\n'),
    factsJson: JSON.stringify(toRow(facts)),
    fact,
    atMs: Math.round(atMs ?? 0),
  };
}

function toRow(item: unknown): unknown {
  if (typeof item === 'number' && !Number.isFinite(item)) return String(item);
  if (Array.isArray(item)) return item.map(toRow);
  if (typeof item !== 'object' || item === null) return item;
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [toSnake(name), toRow(value)]),
  );
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
