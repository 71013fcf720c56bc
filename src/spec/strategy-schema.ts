// `learning_rate`: a union of strategies, each with a grid of its own, made from the catalogue's tables of fields.
// Promise: a strategy added to the catalogue is in the validator and in the JSON Schema without a line here. Of a strategy of one's
// own only the name and `warmup` are judged: its fields are known to its module alone.

import { z } from 'zod';
import type { StrategyGrid } from '../domain/sweep.ts';
import { CATALOGUE } from '../lr/catalogue.ts';
import { type Definition, WARMUP } from '../lr/definition.ts';
import { OWN_NAME } from '../lr/own.ts';
import { axis } from './axis.ts';
import { freeAxis } from './config-schema.ts';
import { strictObject } from './strict-object.ts';

const STRATEGIES = Object.entries(CATALOGUE).map(([name, definition]) =>
  toSchema(name, definition),
);

const OWN_RULE = "own/ and the name of a strategy that the trial's module exports";

const OWN = z
  .object({
    strategy: z
      .string(OWN_RULE)
      .regex(OWN_NAME, { error: OWN_RULE, abort: true })
      .describe('A strategy that the trial module exports, made by defineStrategy.'),
    warmup: axis(WARMUP).optional(),
  })
  .catchall(freeAxis)
  .meta({ title: 'own', description: "A strategy of one's own, with its own fields." });

/** The validator of one item of `learning_rate`; each field's values come out as a list, in the order of the table. */
export const strategySchema = z.union([
  z.discriminatedUnion(
    'strategy',
    atLeastOne(STRATEGIES),
    'a mapping with strategy and its fields',
  ),
  OWN,
]);

/** An item that has passed {@link strategySchema}, as the domain has it. */
export function toGrid(item: z.output<typeof strategySchema>): StrategyGrid {
  const { strategy, ...fields } = item;
  // every field but `strategy` is an axis: toSchema and OWN make no others
  const axes = Object.entries(fields).filter(isAxis);
  return { strategy, axes: Object.fromEntries(axes) };
}

function toSchema(
  name: string,
  { fields, about }: Definition,
): z.ZodObject<{ strategy: z.ZodLiteral<string> }, z.core.$strict> {
  const axes = Object.entries(fields).map(([key, field]): [string, z.ZodType] => {
    const mayMiss = field.optional === true || field.default !== undefined;
    return [key, mayMiss ? axis(field).optional() : axis(field)];
  });
  const strategy = z.literal(name).describe(about);
  const shape = { strategy, ...Object.fromEntries(axes) };
  return strictObject(shape).meta({ title: name, description: about });
}

function atLeastOne<T>(list: readonly T[]): [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error('the catalogue of strategies is empty');
  return [first, ...rest];
}

function isAxis(entry: [string, unknown]): entry is [string, readonly unknown[]] {
  return Array.isArray(entry[1]);
}
