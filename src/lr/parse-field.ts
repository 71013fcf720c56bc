// One value against one field, alone: right type, finite, within its bounds.
// Promise: a message says what was received and what would be accepted.

import { parseDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import type { Bounds, DurationUnit, Field, FieldType } from './spec.ts';

/** Says what is wrong with `value` for `field`, or nothing if it is good. Rules across fields are `parseStrategy`'s. */
export function parseField(field: Field, value: unknown): string | undefined {
  const { type } = field;
  if (type.kind === 'warmup') return checkWarmup(value);
  if (isGood(type, value)) return undefined;
  return `received ${show(value)}; it must be ${describe(type)}${hint(type, value)}`;
}

/** A value as a message shows it: JSON, cut short. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : toJson(value);
  if (text === undefined) return `something of type ${typeof value}`;
  return shorten(text);
}

/** A text of at most 60 characters; where something is missing it ends with three dots. */
export function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
    );
  } catch {
    return undefined;
  }
}

/** Whether a value is a mapping: what a YAML or JSON mapping becomes. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Plain = Exclude<FieldType, { kind: 'warmup' }>;

function isGood(type: Plain, value: unknown): boolean {
  switch (type.kind) {
    case 'number':
      return isWithin(type, value);
    case 'integer':
      return Number.isSafeInteger(value) && isWithin(type, value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value.trim() !== '';
    case 'choice':
      return typeof value === 'string' && type.choices.includes(value);
    case 'duration':
      return isLength(type, value);
    case 'numbers':
      return Array.isArray(value) && value.every((item) => isWithin(type, item));
    case 'durations':
      return Array.isArray(value) && value.every((item) => isLength(type, item));
  }
}

function isWithin({ least, above, most, below }: Bounds, value: unknown): boolean {
  return (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most) &&
    (below === undefined || value < below)
  );
}

type Length = Extract<Plain, { kind: 'duration' | 'durations' }>;

function isLength(type: Length, value: unknown): boolean {
  const duration = parseDuration(value, type.bare);
  return (
    duration !== undefined && type.units.includes(duration.unit) && isWithin(type, duration.count)
  );
}

function describe(type: Plain): string {
  switch (type.kind) {
    case 'number':
      return `a finite number${bounds(type)}`;
    case 'integer':
      return `a whole number${bounds(type)}`;
    case 'boolean':
      return 'true or false';
    case 'text':
      return 'a word';
    case 'choice':
      return `one of ${type.choices.join(', ')}`;
    case 'duration':
      return `${lengths(type.units, type.bare)}${bounds(type)}`;
    case 'numbers':
      return `a list of finite numbers${bounds(type)}`;
    case 'durations':
      return `a list, each item ${lengths(type.units, type.bare)}${bounds(type)}`;
  }
}

function lengths(units: readonly DurationUnit[], bare: DurationUnit): string {
  return [...units.map((unit) => `"N ${unit}"`), `a number of ${bare}`].join(' or ');
}

function bounds({ least, above, most, below }: Bounds): string {
  const rules = [
    least === undefined ? '' : `at least ${least}`,
    above === undefined ? '' : `above ${above}`,
    most === undefined ? '' : `at most ${most}`,
    below === undefined ? '' : `below ${below}`,
  ].filter((rule) => rule !== '');
  return rules.length === 0 ? '' : `, ${rules.join(' and ')}`;
}

function hint(type: Plain, value: unknown): string {
  if (type.kind !== 'choice' || typeof value !== 'string') return '';
  const meant = nearest(value, type.choices);
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

const WARMUP_FIELDS: Readonly<Record<string, Plain>> = {
  length: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], least: 0 },
  start_factor: { kind: 'number', least: 0, most: 1 },
};

function checkWarmup(value: unknown): string | undefined {
  if (!isMapping(value))
    return `received ${show(value)}; it must be { length: "N epochs" or "N steps", start_factor: 0.1 }`;
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(WARMUP_FIELDS, key));
  if (unknown !== undefined)
    return `received the unknown field ${show(unknown)}; warmup has length and start_factor`;
  for (const [name, type] of Object.entries(WARMUP_FIELDS)) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item === undefined && name === 'start_factor') continue;
    if (!isGood(type, item))
      return `received ${show(item)} as its ${name}; ${name} must be ${describe(type)}`;
  }
  return undefined;
}
