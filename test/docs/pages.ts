// What the pages of docs/ say, in parts that can be compared with what is there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** A file of the repository, by its path from the root. @throws where there is none */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A promise of docs/promises.md, and what it names. */
export type PromisePart = {
  readonly number: number;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
  readonly invariants: readonly string[];
  readonly bugs: readonly string[];
};

/** The promises of the page, in its order. */
export function promisesOf(page: string): readonly PromisePart[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      number: Number(/^\d+/.exec(part)?.[0]),
      tests: [...part.matchAll(/^- \[[^\]]+\]\(\.\.\/([^)]+)\): (.+)$/gm)].map(
        ([, file = '', name = '']) => ({ file, name }),
      ),
      invariants: namesAfter(part, 'In the simulation'),
      bugs: namesAfter(part, 'Planted bugs'),
    }));
}

/** Rows of the tables of a page, each as the texts of its cells; no header. */
export function rowsOf(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Names of the tests of a source file, as they stand there. */
export function testsOf(source: string): ReadonlySet<string> {
  const literals = source.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`/g);
  return new Set([...literals].map(([, a, b, c]) => (a ?? b ?? c ?? '').replaceAll("\\'", "'")));
}

function namesAfter(part: string, words: string): readonly string[] {
  const [, list = ''] = part.split(`${words}: `);
  const [first = ''] = list.split('\n\n');
  return [...first.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
