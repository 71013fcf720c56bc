// Limits as somebody writes them on a command line.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Limits } from './limits.ts';
import { DEFAULT_LIMITS } from './limits.ts';

/** Limits from texts such as `agentsMost=500`. @throws EspalierError `usage` for a limit that there is not, and for a number that is none */
export function parseLimits(texts: readonly string[]): Partial<Limits> {
  return Object.fromEntries(texts.map(parseLimit));
}

function parseLimit(text: string): readonly [string, number] {
  const [name = '', number = ''] = text.split(/=(.*)/s);
  const known = Object.keys(DEFAULT_LIMITS);
  if (!known.includes(name))
    throw new EspalierError(
      'usage',
      `there is no limit ${JSON.stringify(name.slice(0, 60))}; there are ${known.join(', ')}`,
    );
  const value = Number(number);
  if (number.trim() !== '' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return [name, value];
  throw new EspalierError(
    'usage',
    `${name}=${number.slice(0, 60)}: a limit is a number, not below 0, such as ${name}=1000`,
  );
}
