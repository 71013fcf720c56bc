// `learning_rate`: a union of strategies, each with a grid of its own, made from the catalogue's tables of fields.
// Promise: a strategy added to the catalogue is in the validator and in the JSON Schema without a line here.

import { z } from 'zod';
import type { StrategyGrid } from '../domain/sweep.ts';
import { CATALOGUE } from '../lr/catalogue.ts';
import type { Definition } from '../lr/definition.ts';
import { axis } from './axis.ts';
import { strictObject } from './strict-object.ts';

const STRATEGIES = Object.entries(CATALOGUE).map(([name, definition]) =>
  toSchema(name, definition),
);

/** The validator of one item of `learning_rate`; each field's values come out as a list, in the order of the table. */
export const strategySchema = z.discriminatedUnion(
  'strategy',
  atLeastOne(STRATEGIES),
  'a mapping with strategy and its fields',
);

/** An item that has passed {@link strategySchema}, as the domain has it. */
export function toGrid(item: z.output<typeof strategySchema>): StrategyGrid {
  const { strategy, ...axes } = item;
  // every field but `strategy` is an axis: toSchema makes no others
  return { strategy, axes };
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
