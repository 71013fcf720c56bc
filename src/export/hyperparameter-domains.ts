// What a sweep's hyperparameters can be: of each its name, its kind and every value that a trial has.
// Promise: rates are real numbers, whatever way they were written; values of several kinds under one name are text.

import { CATALOGUE } from '../lr/catalogue.ts';
import { type Hyperparameters, type Plain, toPlain } from '../results/hyperparameters.ts';
import type { Snapshot } from './snapshot.ts';

/** What the values of a column are. */
export type Kind = 'boolean' | 'integer' | 'real' | 'text';

/** A hyperparameter of a sweep; distinct values of its kind, by size or by the alphabet. */
export type Domain = {
  readonly name: string;
  readonly kind: Kind;
  readonly values: readonly Plain[];
};

type Stored = {
  readonly name: string;
  readonly kind: string;
  readonly value: string | number | null;
};

const VALUES = `
  SELECT DISTINCT name, kind, value FROM hyperparameters
  WHERE sweep_id = ? AND name NOT IN ('seed', 'epochs') ORDER BY name`;

const STRATEGY = 'learning_rate.strategy';

/** The config's, then the strategy's; what a trial trains with by chance or for how long is none. */
export function readDomains(snapshot: Snapshot): readonly Domain[] {
  const byName = new Map<string, Stored[]>();
  for (const row of snapshot.all<Stored>(VALUES, snapshot.sweep.sweep_id))
    byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  return [...byName]
    .map(([name, stored]) => toDomain(name, stored))
    .toSorted((a, b) => placeOf(a.name) - placeOf(b.name));
}

function placeOf(name: string): number {
  if (name.startsWith('config.')) return 0;
  return name === STRATEGY ? 1 : 2;
}

/** A trial's value of a hyperparameter; null where it has none. */
export function valueIn({ name, kind }: Domain, values: Hyperparameters): Plain | null {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) return null;
  return toKind(kind, value);
}

function toDomain(name: string, stored: readonly Stored[]): Domain {
  const kind = kindOf(name, new Set(stored.map(typeOf)));
  const values = stored.map((row) => toKind(kind, toValue(row))).filter((value) => value !== null);
  return { name, kind, values: [...new Set(values)].toSorted(compare) };
}

/** What JSON calls an integer is one only as far as doubles count. */
function typeOf({ kind, value }: Stored): string {
  return kind === 'integer' && !Number.isSafeInteger(value) ? 'real' : kind;
}

function kindOf(name: string, kinds: ReadonlySet<string>): Kind {
  const all = (...allowed: readonly string[]): boolean =>
    [...kinds].every((kind) => kind === 'null' || allowed.includes(kind));
  if (all()) return 'text';
  if (all('true', 'false')) return 'boolean';
  if (all('integer')) return isRate(name) ? 'real' : 'integer';
  return all('integer', 'real') ? 'real' : 'text';
}

/** Whether a strategy of the catalogue has a field of that name that takes any number. */
function isRate(name: string): boolean {
  const field = name.replace(/^learning_rate\./, '');
  return (
    field !== name &&
    Object.values(CATALOGUE).some(
      ({ fields }) => Object.hasOwn(fields, field) && fields[field]?.type.kind === 'number',
    )
  );
}

function toValue({ kind, value }: Stored): Plain {
  if (kind === 'true' || kind === 'false') return kind === 'true';
  if (kind === 'array' || kind === 'object') return toPlain(JSON.parse(String(value)));
  return value ?? 'null';
}

/** A value of a kind; null is written out in text, and is nothing elsewhere. */
function toKind(kind: Kind, value: Plain): Plain | null {
  if (kind === 'text') return String(value);
  return typeof value === 'string' ? null : value;
}

function compare(a: Plain, b: Plain): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a) < String(b) ? -1 : 1;
}
