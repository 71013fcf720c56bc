// A field of the tables (FieldType) as a validator and as JSON Schema.
// Promise: what is accepted, and what is said of what is not, is parseField's alone; the JSON Schema says as much of it as it can.

import { z } from 'zod';
import { DEFAULT_FIND, findFindingProblem, isFinding, SEEDS } from '../lr/find.ts';
import { parseField } from '../lr/parse-field.ts';
import { METHODS } from '../lr/range-test/analyze-losses.ts';
import { STEPS } from '../lr/range-test/ramp.ts';
import type { Bounds, DurationUnit, Field, FieldType } from '../lr/spec.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The validator of one value of a field; `T` is the type that the field's table stands for. A list is judged item by item.
 * Issues with values are `custom`, and their messages whole sentences.
 */
export function fieldSchema<T = unknown>(field: Field): z.ZodType<T> {
  const { type } = field;
  if (type.kind === 'numbers') {
    return listSchema<T>({ ...field, type: { ...type, kind: 'number' } });
  }
  if (type.kind === 'durations') {
    return listSchema<T>({ ...field, type: { ...type, kind: 'duration' } });
  }
  return singleSchema<T>(field).meta(
    field.findable ? orFound(toJsonSchema(type)) : toJsonSchema(type),
  );
}

/** What comes out is a `T` since its items are what the table says; to the compiler it is `any` (ZodAny). */
function listSchema<T>(item: Field): z.ZodType<T> {
  return z.array(fieldSchema(item), 'a list').min(1, 'a list of at least one value').pipe(z.any());
}

function singleSchema<T>(field: Field): z.ZodType<T> {
  return z.custom<T>((value) => findProblem(field, value) === undefined, {
    error: ({ input }) => findProblem(field, input),
    abort: false,
  });
}

function findProblem(field: Field, value: unknown): string | undefined {
  return field.findable === true && isFinding(value)
    ? findFindingProblem(value)
    : parseField(field, value);
}

/** What the JSON Schema says of a field besides its type. */
export function toMeta(field: Field): { description: string; default?: unknown } {
  return {
    description: field.about,
    ...(field.default !== undefined && { default: field.default }),
  };
}

type Single = Exclude<FieldType, { kind: 'numbers' | 'durations' }>;

function toJsonSchema(type: Single): JsonSchema {
  switch (type.kind) {
    case 'number':
    case 'integer':
      return { type: type.kind, ...toLimits(type) };
    case 'boolean':
      return { type: 'boolean' };
    case 'text':
      return { type: 'string', pattern: String.raw`\S` };
    case 'choice':
      return { type: 'string', enum: type.choices };
    case 'duration':
      return toLength(type);
    case 'warmup':
      return WARMUP;
  }
}

function toLimits({ least, above, most, below }: Bounds): JsonSchema {
  return {
    ...(least !== undefined && { minimum: least }),
    ...(above !== undefined && { exclusiveMinimum: above }),
    ...(most !== undefined && { maximum: most }),
    ...(below !== undefined && { exclusiveMaximum: below }),
  };
}

type Length = Bounds & { readonly bare: DurationUnit; readonly units: readonly DurationUnit[] };

function toLength({ bare, units, ...bounds }: Length): JsonSchema {
  const words = units.map((unit) => `${unit}?`).join('|');
  const pattern = String.raw`^\s*\d+(\.\d+)?(e[+-]?\d+)?\s*(${words})${units.includes(bare) ? '?' : ''}\s*$`;
  const text = { type: 'string', pattern };
  return units.includes(bare) ? { anyOf: [{ type: 'number', ...toLimits(bounds) }, text] } : text;
}

function orFound(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, FIND] };
}

const FIND: JsonSchema = {
  type: 'object',
  description: 'A range test on the trial itself finds the value before the sweep trains.',
  properties: {
    find: {
      type: ['object', 'null'],
      properties: {
        min_lr: { type: 'number', minimum: 0, default: DEFAULT_FIND.min_lr },
        max_lr: { type: 'number', exclusiveMinimum: 0, default: DEFAULT_FIND.max_lr },
        steps: {
          type: 'integer',
          minimum: STEPS.least,
          maximum: STEPS.most,
          default: DEFAULT_FIND.steps,
        },
        scale: { type: 'string', enum: ['exponential', 'linear'], default: DEFAULT_FIND.scale },
        suggest: { type: 'string', enum: METHODS, default: DEFAULT_FIND.suggest },
        seeds: {
          type: 'array',
          items: { type: 'integer', minimum: 0, maximum: SEEDS.greatest },
          minItems: 1,
          maxItems: SEEDS.most,
          uniqueItems: true,
          default: DEFAULT_FIND.seeds,
        },
        times: { type: 'number', exclusiveMinimum: 0, default: DEFAULT_FIND.times },
      },
      additionalProperties: false,
    },
  },
  required: ['find'],
  additionalProperties: false,
};

const WARMUP: JsonSchema = {
  type: 'object',
  properties: {
    length: toLength({ bare: 'steps', units: ['epochs', 'steps'], least: 0 }),
    start_factor: { type: 'number', minimum: 0, maximum: 1, default: 0.1 },
  },
  required: ['length'],
  additionalProperties: false,
};
