// `config`: everything of a trial that is not the learning rate, under names that the user's module knows.
// Promise: values are plain, finite data; a list is an axis with at least one value and none twice.

import { z } from 'zod';
import type { ConfigValue } from '../domain/sweep.ts';
import { show } from '../lr/parse-field.ts';
import { refuseRepeats } from './axis.ts';

const TWICE = 'it would make the same trials twice';
const ACCEPTED = 'text, a finite number, true, false, null or a list of them';

/** The validator of an axis whose values no table describes: an entry of `config`, or of a strategy of one's own. */
export const freeAxis = z
  .custom<ConfigValue>()
  .superRefine((value, context) => {
    refuseValues(value, [], context);
    if (!Array.isArray(value)) return;
    const values: readonly unknown[] = value;
    refuseRepeats(values, (item) => JSON.stringify(item), TWICE, context);
    if (values.length > 0) return;
    const message = 'received []; a list is an axis and must have at least one value';
    context.addIssue({ code: 'custom', message });
  })
  .meta({
    anyOf: [
      { type: ['string', 'number', 'boolean', 'null'] },
      { type: 'array', minItems: 1, items: { not: { type: 'object' } } },
    ],
  })
  // the refinement has seen that a list holds config values only
  .transform((value) => (Array.isArray(value) ? (value as readonly ConfigValue[]) : [value]));

/** The validator of `config`. */
export const configSchema = z
  .record(z.string(), freeAxis, 'a mapping of names to values')
  .default({})
  .describe(
    'Values for the trial module, by name. A list is an axis of the grid (a value that is itself a list goes into a list of lists); anything else is a constant.',
  );

function refuseValues(value: unknown, path: readonly number[], context: z.RefinementCtx): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) refuseValues(item, [...path, i], context);
    return;
  }
  const plain = value === null || typeof value === 'string' || typeof value === 'boolean';
  if (plain || (typeof value === 'number' && Number.isFinite(value))) return;
  const message = `received ${show(value)}; it must be ${ACCEPTED}`;
  context.addIssue({ code: 'custom', path: [...path], message });
}
