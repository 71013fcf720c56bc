// The tables of docs/limits.md, as the source says them: each number with the sentence that stands above it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** A file of the repository. */
export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * A table of numbers.
 *
 * @param file where each has a sentence above it
 * @throws Error for a number without a sentence
 */
export function toTable(numbers: Readonly<Record<string, number>>, file: string): string {
  const source = readPage(file);
  const rows = Object.entries(numbers).map(([name, value]) => {
    const words = new RegExp(String.raw`/\*\* (.*) \*/\n\s*(?:readonly )?${name}:`).exec(
      source,
    )?.[1];
    if (words === undefined) throw new Error(`${file} says nothing of ${name}`);
    return `| \`${name}\` | ${toAmount(name, value)} | ${words} |`;
  });
  return ['| name | number | what |', '| --- | ---: | --- |', ...rows].join('\n');
}

function toAmount(name: string, value: number): string {
  const unit = UNITS.find(([, size]) => value >= size && value % size === 0);
  if (/bytes/i.test(name) && unit !== undefined) return `${value / unit[1]} ${unit[0]}`;
  return value.toLocaleString('en-US');
}
