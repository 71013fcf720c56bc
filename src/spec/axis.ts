// An axis of the grid: one value of a field, or a list of values. Other lists are written the same way.
// Promise: what comes out is a list without a value twice; an axis has at least one.

import { z } from 'zod';
import { findFindingProblem, isFinding, toFinding } from '../lr/find.ts';
import { parseField, show } from '../lr/parse-field.ts';
import type { Field } from '../lr/spec.ts';
import { toCanonical } from './canonical.ts';
import { fieldSchema, toMeta } from './field-schema.ts';

/** The validator of a field whose values make an axis. A field that holds lists takes a list of lists. */
export function axis<T = unknown>(field: Field): z.ZodType<readonly T[]> {
  const values = listOf<T>(field, 'it would make the same trials twice');
  const several = values.min(1, 'one value, or a list of at least one');
  return z.union([toSingle<T>(field), several]).meta(toMeta(field));
}

/** The validator of a list that is no axis: one value, or any number of different ones. */
export function list<T = unknown>(field: Field): z.ZodType<readonly T[]> {
  return z.union([toSingle<T>(field), listOf<T>(field, 'once is enough')]).meta(toMeta(field));
}

/** Adds an issue, with the reason `why`, for each value that a list has had before. Values without a key are not compared. */
export function refuseRepeats(
  values: readonly unknown[],
  toKey: (value: unknown) => string | undefined,
  why: string,
  context: z.RefinementCtx,
): void {
  const seen = new Set<string>();
  for (const [i, value] of values.entries()) {
    const key = toKey(value);
    if (key === undefined) continue;
    const message = `received ${show(value)} a second time; ${why}`;
    if (seen.has(key)) context.addIssue({ code: 'custom', path: [i], message });
    seen.add(key);
  }
}

function toSingle<T>(field: Field): z.ZodType<readonly T[]> {
  return fieldSchema<T>(field).transform((value) => [value]);
}

function listOf<T>(field: Field, why: string): z.ZodArray<z.ZodType<T>> {
  const toKey = (value: unknown): string | undefined => keyOf(field, value);
  return z
    .array(fieldSchema<T>(field))
    .superRefine((values, context) => refuseRepeats(values, toKey, why, context));
}

/** What is to be found is compared with its defaults filled. */
function keyOf(field: Field, value: unknown): string | undefined {
  if (field.findable === true && isFinding(value))
    return findFindingProblem(value) === undefined ? JSON.stringify(toFinding(value)) : undefined;
  return parseField(field, value) === undefined ? toCanonical(field.type, value) : undefined;
}
