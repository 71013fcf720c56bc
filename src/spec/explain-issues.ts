// What the validator found, as findings for people: which value, what was received, what would be accepted.
// Promise: one finding for each mistake; of a value that may be written in several ways, the way that it is nearest to is judged,
// and a strategy by the name that it has.

import type { z } from 'zod';
import { nearest } from '../lr/nearest.ts';
import { isMapping, show } from '../lr/parse-field.ts';
import { knownKeys } from './strict-object.ts';
import { toPlainPlaces } from '../domain/plain-text.ts';
import type { Path } from './flaw.ts';

type Issue = z.core.$ZodIssue;

/** Something wrong with the value at a path of the file, or with its key. */
export type Finding = {
  readonly path: Path;
  readonly what: 'key' | 'value';
  readonly message: string;
};

/** Turns the validator's issues with `data` into findings. */
export function explainIssues(issues: readonly Issue[], data: unknown): readonly Finding[] {
  return issues.flatMap((issue) => explain(issue, [], data));
}

function explain(issue: Issue, base: Path, data: unknown): readonly Finding[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => explainKey([...path, key], key, knownKeys(issue)));
  }
  const received = valueAt(data, path);
  if (issue.code === 'invalid_union') {
    const nearestWay = pickWay(issue.errors);
    if (nearestWay) return nearestWay.flatMap((inner) => explain(inner, path, data));
    return [explainName(path, received, issue)];
  }
  if (issue.code === 'custom') return [{ path, what: 'value', message: named(issue.message) }];
  const message = named(`received ${show(received)}; it must be ${issue.message}`);
  return [{ path, what: 'value', message }];
}

function explainKey(path: Path, key: string, known: readonly string[]): Finding {
  const meant = nearest(key, known);
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`;
  return {
    path,
    what: 'key',
    message: `received the unknown key ${toPlainPlaces(key, 60)}; ${hint}`,
  };
}

/** A strategy's name that is none. The options are there whenever the union is one of strategies. */
function explainName(path: Path, received: unknown, issue: object): Finding {
  const options =
    'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  const meant = typeof received === 'string' ? nearest(received, options) : undefined;
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  const names = `${options.join(', ')}${hint}, or own/ and the name of an export of the trial's module`;
  const message = `received ${show(received)}; it must be one of ${names}`;
  return { path, what: 'value', message: named(message) };
}

/** Of the ways to write a value, the one with the fewest mistakes, of which a wrong name is the worst; the first of several. */
function pickWay(ways: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const weigh = (way: readonly Issue[]): number =>
    way.length + (way.some(({ path }) => path[0] === 'strategy') ? 1000 : 0);
  return ways.toSorted((a, b) => weigh(a) - weigh(b))[0];
}

/** JavaScript's word for a missing value means nothing to people. */
function named(message: string): string {
  return message.replace('received undefined', 'received nothing');
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isMapping(value) && Object.hasOwn(value, part)) value = value[String(part)];
    else return undefined;
  }
  return value;
}
