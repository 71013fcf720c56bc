// From what a person wrote to a strategy with a value for every field, or everything that is wrong with it.
// Promise: a spec that comes out can be run; parsing it again gives it back unchanged.

import { type Catalogue, CATALOGUE } from './catalogue.ts';
import type { Definition, Monitored, Problem } from './definition.ts';
import { nearest } from './nearest.ts';
import { isMapping, parseField, show } from './parse-field.ts';
import type { StrategySpec } from './spec.ts';

/** A strategy that can be run, or every problem found, each with its field, the value received and the rule. */
export type ParsedStrategy =
  | { readonly ok: true; readonly strategy: StrategySpec }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The start factor of a warm-up that does not say it. */
const START_FACTOR = 0.1;

/**
 * Reads one strategy, such as `{ strategy: 'step', lr: 0.1, step_size: 5 }`, and fills the defaults; plateau's `monitor`
 * and `mode` come from `objective` (a monitor other than the objective's metric needs a mode of its own). Durations stay
 * as written. Fields that are absent or undefined take their default. `catalogue` holds the strategies by name: ours, unless said
 * otherwise. Never throws.
 */
export function parseStrategy(
  value: unknown,
  objective?: Monitored,
  catalogue: Catalogue = CATALOGUE,
): ParsedStrategy {
  if (!isMapping(value)) return refuse('strategy', `received ${show(value)}; it must be a mapping`);
  const name = Object.hasOwn(value, 'strategy') ? value['strategy'] : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(catalogue, name))
    return refuseName(name, catalogue);
  const definition = catalogue[name];
  return definition === undefined
    ? refuseName(name, catalogue)
    : fill(name, definition, value, objective);
}

function fill(
  name: string,
  definition: Definition,
  given: Readonly<Record<string, unknown>>,
  objective: Monitored | undefined,
): ParsedStrategy {
  const problems = [...findUnknown(name, definition, given), ...findWrong(definition, given)];
  if (problems.length > 0) return { ok: false, problems: problems.map(withField) };
  const values: Readonly<Record<string, unknown>> = {
    ...definition.complete(withDefaults(definition, given), objective),
  };
  const broken = definition.rules(values);
  if (broken.length > 0) return { ok: false, problems: broken.map(withField) };
  const present = Object.entries(values).filter(([, item]) => item !== undefined);
  return { ok: true, strategy: { strategy: name, ...Object.fromEntries(present) } };
}

function findUnknown(
  name: string,
  { fields }: Definition,
  given: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const unknown = Object.keys(given).filter(
    (key) => key !== 'strategy' && !Object.hasOwn(fields, key),
  );
  return unknown.map((key) => {
    const meant = nearest(key, Object.keys(fields));
    const known =
      meant === undefined ? `it has ${Object.keys(fields).join(', ')}` : `did you mean ${meant}?`;
    return {
      field: key,
      message: `received ${show(given[key])}, but ${name} has no such field; ${known}`,
    };
  });
}

function findWrong(
  { fields }: Definition,
  given: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const item = Object.hasOwn(given, key) ? given[key] : undefined;
    const mayMiss = field.optional === true || field.default !== undefined;
    const message = item === undefined && mayMiss ? undefined : parseField(field, item);
    return message === undefined ? [] : [{ field: key, message }];
  });
}

function withDefaults(
  { fields }: Definition,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(fields).map(([key, field]): [string, unknown] => {
    const item = Object.hasOwn(given, key) ? given[key] : undefined;
    if (item === undefined) return [key, field.default];
    if (field.type.kind !== 'warmup' || !isMapping(item)) return [key, item];
    const { length, start_factor: factor = START_FACTOR } = item;
    return [key, { length, start_factor: factor }];
  });
  return Object.fromEntries(values);
}

function withField({ field, message }: Problem): Problem {
  return { field, message: `${field}: ${message}` };
}

function refuseName(name: unknown, catalogue: Catalogue): ParsedStrategy {
  const names = Object.keys(catalogue);
  const meant = typeof name === 'string' ? nearest(name, names) : undefined;
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return refuse('strategy', `received ${show(name)}; it must be one of ${names.join(', ')}${hint}`);
}

function refuse(field: string, message: string): ParsedStrategy {
  return { ok: false, problems: [withField({ field, message })] };
}
