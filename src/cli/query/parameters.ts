// `--param NAME=VALUE`: values for the parameters of a query.

import { InvalidArgumentError } from 'commander';
import type { Parameters } from '../../results/value.ts';

/**
 * Adds one parameter to those before it. A value that reads as a number is one, `null` is NULL, and all else is text, also
 * what stands in single quotes: `'7'`.
 */
export function addParameter(text: string, before: Parameters = {}): Parameters {
  const match = /^[:@$]?(?<name>\w+)=(?<value>[\s\S]*)$/.exec(text);
  const { name, value } = match?.groups ?? {};
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError('It must be NAME=VALUE, such as sweep=digits.');
  return { ...before, [name]: toValue(value) };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function toValue(text: string): string | number | null {
  if (text === 'null') return null;
  if (NUMBER.test(text)) return Number(text);
  return /^'[\s\S]*'$/.test(text) ? text.slice(1, -1) : text;
}
