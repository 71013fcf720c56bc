// Options spelt as TensorFlow.js spells them, read as the fields of a strategy.
// Promise: every problem is found at once and named as the user wrote it.

import { EspalierError } from '../domain/errors.ts';
import { nearest } from '../lr/nearest.ts';
import { isMapping, show } from '../lr/parse-field.ts';
import { parseStrategy } from '../lr/parse-strategy.ts';
import type { StrategySpec } from '../lr/spec.ts';

/** How a class reads its options. */
export type Reading = {
  /** The class, for messages. */
  readonly name: string;
  /** Options that are fields of the strategy, with the names of the fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** Options that the class itself looks at. */
  readonly own: readonly string[];
};

/**
 * The strategy that the options describe; `base` holds its name and what the options may leave out.
 *
 * @throws EspalierError `invalid` with the class's own `problems` and every one found here
 */
export function toStrategySpec(
  reading: Reading,
  base: StrategySpec,
  options: unknown,
  problems: readonly string[],
): StrategySpec {
  const { name, fields, own } = reading;
  if (!isMapping(options)) {
    throw new EspalierError('invalid', `${name} takes an object, but received ${show(options)}`);
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.filter(([key]) => !Object.hasOwn(fields, key) && !own.includes(key));
  const set = given.flatMap(([key, value]) => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    return field === undefined || own.includes(key) ? [] : [[field, value] as const];
  });
  const parsed = parseStrategy({ ...base, ...Object.fromEntries(set) });
  const wrong = parsed.ok ? [] : parsed.problems.map(({ message }) => spell(fields, message));
  const all = [...unknown.map(([key]) => refuseName(reading, key)), ...problems, ...wrong];
  if (parsed.ok && all.length === 0) return parsed.strategy;
  throw new EspalierError('invalid', `${name} cannot be made.\n${all.join('\n')}`);
}

function refuseName({ name, fields, own }: Reading, key: string): string {
  const known = [...new Set([...Object.keys(fields), ...own])];
  const meant = nearest(key, known);
  const hint = meant === undefined ? `it has ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${key}: ${name} has no such option; ${hint}`;
}

/** A message about fields, in the names of the options. */
function spell(fields: Readonly<Record<string, string>>, message: string): string {
  return Object.entries(fields).reduce(
    (text, [option, field]) => text.replaceAll(new RegExp(`\\b${field}\\b`, 'g'), option),
    message,
  );
}
