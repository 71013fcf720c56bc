// When two values of a field are the same value: `2 epochs` and `2 epoch`, `1e-1` and `0.1`.
// Promise: total; values that no field accepts are the same only if their JSON is.

import { parseDuration } from '../lr/duration.ts';
import { isMapping } from '../lr/parse-field.ts';
import type { DurationUnit, Fields, FieldType, StrategySpec } from '../lr/spec.ts';

/** A text that two values of a field share exactly if they mean the same. */
export function toCanonical(type: FieldType, value: unknown): string {
  if (type.kind === 'duration') return toLength(value, type.bare);
  if (type.kind === 'durations' && Array.isArray(value)) {
    return value.map((item) => toLength(item, type.bare)).join(',');
  }
  if (type.kind === 'warmup' && isMapping(value)) {
    const { length, start_factor: factor = 0.1 } = value;
    return `${toLength(length, 'steps')} from ${toText(factor)}`;
  }
  return toText(value);
}

/** A text that two strategies with their defaults filled share exactly if they are the same strategy with the same values. */
export function toCanonicalStrategy(spec: StrategySpec, fields: Fields): string {
  const values = Object.entries(fields).map(([name, { type }]) => toCanonical(type, spec[name]));
  return JSON.stringify([spec.strategy, ...values]);
}

function toLength(value: unknown, bare: DurationUnit): string {
  const duration = parseDuration(value, bare);
  return duration ? `${duration.count} ${duration.unit}` : toText(value);
}

function toText(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '');
}
