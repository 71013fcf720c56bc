// Text → YAML document → plain data, under limits, with the place of every value kept.
// Promise: no text, however hostile, throws, overflows the stack, or makes data much larger than itself.

import { type Document, parseDocument, visit } from 'yaml';
import { type Flaw, flawMaker, type Path } from './flaw.ts';
import { locator } from './locator.ts';
import { aliasFlaws, keyFlaws, MOST_ALIASES, refuse } from './yaml-rules.ts';

/** What a text holds. */
export type Source = {
  readonly data: unknown;
  /** Something wrong with the value at a path, or with its key, at its place; if there is none, at the nearest value around it. */
  readonly flawAt: (path: Path, message: string, what?: 'key' | 'value') => Flaw;
};

/** Reads YAML 1.2, core schema. Without a source there are flaws, and no data can be had; with one, keys can still be flawed. */
export function readYaml(text: string): { source?: Source; flaws: readonly Flaw[] } {
  const body = text.replace(/^\u{FEFF}/u, '');
  const at = flawMaker(body);
  const refused = refuse(body, at);
  if (refused) return { flaws: [refused] };
  const document = parseDocument(body, {
    prettyErrors: false,
    schema: 'core',
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false, // quadratic in the keys of a map; keyFlaws is linear
    logLevel: 'error',
  });
  const flaws = [...document.errors, ...document.warnings].map((e) => at(e.pos[0], e.message));
  flaws.push(...aliasFlaws(document, at));
  if (flaws.length === 0 && document.contents === null) flaws.push(at(0, 'the file is empty'));
  if (flaws.length > 0) return { flaws };
  dropSigns(document);
  const locate = locator(document);
  const source: Source = {
    data: document.toJS({ maxAliasCount: MOST_ALIASES }),
    flawAt: (path, message, what = 'value') => at(locate(path, what), message, path),
  };
  return { source, flaws: keyFlaws(document, at) };
}

/** A zero has no sign, since what is stored keeps none: a spec must not know more than its rows. */
function dropSigns(document: Document): void {
  visit(document, {
    Scalar: (_key, scalar) => {
      if (scalar.value === 0) scalar.value = 0;
    },
  });
}
