// What a sweep file may not be, as YAML: too long, too deep, multiplied by aliases, or with keys that are not what they seem.
// Promise: all of it is found in time that grows with the text's length, and before any data is made of it.

import { type Document, isCollection, Lexer, type Node, Parser, visit } from 'yaml';
import { toKey, toOffset } from './locator.ts';
import { BOUNDS } from '../domain/bounds.ts';
import { toPlainPlaces } from '../domain/plain-text.ts';
import type { Flaw, FlawMaker } from './flaw.ts';

const MOST_BYTES = BOUNDS.sweepFileBytes;
const MOST_LEVELS = BOUNDS.sweepFileLevels;
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** How many aliases a file may have. */
export const MOST_ALIASES = BOUNDS.sweepFileAliases;

/** Whether a key means something to JavaScript's objects; such keys are flaws wherever they stand. */
export function isPrototypeKey(key: PropertyKey | undefined): boolean {
  return typeof key === 'string' && PROTOTYPE_KEYS.has(key);
}

/**
 * Why a text is not even composed. The lexer and the parser keep stacks of their own; the composer recurses, and an engine
 * that runs short of stack while it compiles a regular expression ends the process, where nothing can be caught.
 */
export function refuse(text: string, at: FlawMaker): Flaw | undefined {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES) {
    return at(0, `the file has ${bytes} bytes, more than the ${MOST_BYTES} (64 KiB) that are read`);
  }
  const parser = new Parser();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MOST_LEVELS) {
      return at(offset, `nested deeper than the ${MOST_LEVELS} levels that are read`);
    }
    offset = parser.offset;
  }
  return undefined;
}

/**
 * Aliases are welcome where they cannot multiply: few, of values without aliases in them (which rules out cycles as well), and
 * together no longer than a file may be.
 */
export function aliasFlaws(document: Document.Parsed, at: FlawMaker): Flaw[] {
  const flaws: Flaw[] = [];
  let [count, repeated] = [0, 0];
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const name = toPlainPlaces(alias.source, 60);
      const flaw = (message: string): number => flaws.push(at(toOffset(alias), message));
      count += 1;
      if (count > MOST_ALIASES) {
        flaw(`more than the ${MOST_ALIASES} aliases (*name) that are read`);
        return visit.BREAK;
      }
      if (ancestors.some((node) => isCollection(node) && node.anchor !== undefined)) {
        flaw(`the alias *${name} stands inside a value with an anchor (&name)`);
        return undefined;
      }
      const target = alias.resolve(document);
      if (target === undefined) flaw(`the alias *${name} has no anchor &${name} before it`);
      repeated += toLength(target);
      if (repeated <= MOST_BYTES) return undefined;
      flaw(`the aliases (*name) repeat more than the ${MOST_BYTES} bytes that are read`);
      return visit.BREAK;
    },
  });
  return flaws;
}

/** Keys given twice, and keys that mean something to JavaScript's objects. */
export function keyFlaws(document: Document.Parsed, at: FlawMaker): Flaw[] {
  const flaws: Flaw[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const [name, offset] = [toKey(key), toOffset(key)];
        const shown = toPlainPlaces(name, 60);
        if (isPrototypeKey(name)) flaws.push(at(offset, `the key ${shown} is not allowed`));
        else if (seen.has(name)) flaws.push(at(offset, `the key ${shown} is given twice`));
        seen.add(name);
      }
    },
  });
  return flaws;
}

function toLength(node: Node | undefined): number {
  const [start, end] = node?.range ?? [0, 0];
  return end - start;
}
