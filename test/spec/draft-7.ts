// As much of JSON Schema draft-7 as the sweep file's schema uses, to try it out as an editor would.
// Promise: a keyword that it does not know is an error, so that nothing in the schema goes untried.

import { isMapping } from '../../src/lr/parse-field.ts';

type Rule = (rule: unknown, value: unknown, schema: Readonly<Record<string, unknown>>) => boolean;

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const whenNumber =
  (check: (value: number, limit: number) => boolean): Rule =>
  (limit, value) =>
    typeof value !== 'number' || check(value, Number(limit));

const RULES: Readonly<Record<string, Rule>> = {
  type: (types, value) => asList(types).some((type) => isOfType(value, type)),
  enum: (values, value) => asList(values).includes(value),
  const: (only, value) => only === value,
  anyOf: (ways, value) => asList(ways).some((way) => isValid(way, value)),
  oneOf: (ways, value) => asList(ways).filter((way) => isValid(way, value)).length === 1,
  not: (way, value) => !isValid(way, value),
  minimum: whenNumber((value, limit) => value >= limit),
  maximum: whenNumber((value, limit) => value <= limit),
  exclusiveMinimum: whenNumber((value, limit) => value > limit),
  exclusiveMaximum: whenNumber((value, limit) => value < limit),
  pattern: (source, value) =>
    typeof value !== 'string' || new RegExp(String(source), 'u').test(value),
  minItems: (least, value) => !Array.isArray(value) || value.length >= Number(least),
  maxItems: (most, value) => !Array.isArray(value) || value.length <= Number(most),
  uniqueItems: (rule, value) =>
    rule !== true ||
    !Array.isArray(value) ||
    new Set(value.map((item) => JSON.stringify(item))).size === value.length,
  items: (item, value) => !Array.isArray(value) || value.every((one) => isValid(item, one)),
  required: (keys, value) =>
    !isMapping(value) || asList(keys).every((key) => Object.hasOwn(value, String(key))),
  properties: (known, value) =>
    !isMapping(value) ||
    !isMapping(known) ||
    Object.entries(value).every(
      ([key, item]) => !Object.hasOwn(known, key) || isValid(known[key], item),
    ),
  propertyNames: (name, value) =>
    !isMapping(value) || Object.keys(value).every((key) => isValid(name, key)),
  additionalProperties: (rest, value, { properties: known = {} }) =>
    !isMapping(value) ||
    Object.entries(value).every(
      ([key, item]) => (isMapping(known) && Object.hasOwn(known, key)) || isValid(rest, item),
    ),
};
const NOTES = new Set(['$schema', 'title', 'description', 'default']);

/** Whether a value is valid. */
export function isValid(schema: unknown, value: unknown): boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isMapping(schema)) throw new TypeError('a schema is a mapping or a boolean');
  return Object.entries(schema).every(([keyword, rule]) => {
    if (NOTES.has(keyword)) return true;
    const check = RULES[keyword];
    if (!check) throw new TypeError(`unknown keyword ${keyword}`);
    return check(rule, value, schema);
  });
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isMapping(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
