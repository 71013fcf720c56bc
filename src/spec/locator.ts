// Where the values of a YAML document stand in its text.
// Promise: an offset for every path, if need be that of the nearest value around it.

import { type Document, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Path } from './flaw.ts';

type Place = { key: unknown; node: unknown };

/**
 * Tells the offset of the value at a path, or of its key. It remembers what a collection or alias holds, as a file can
 * have thousands of flaws in one.
 */
export function locator(document: Document.Parsed): (path: Path, what: 'key' | 'value') => number {
  const known = new Map<unknown, ReadonlyMap<string, Place>>();
  const inside = (node: unknown): ReadonlyMap<string, Place> => {
    const places = known.get(node) ?? toPlaces(isAlias(node) ? node.resolve(document) : node);
    known.set(node, places);
    return places;
  };
  return (path, what) => {
    let place: Place = { key: undefined, node: document.contents };
    for (const part of path) {
      const next = inside(place.node).get(String(part));
      if (!next) break;
      place = next;
    }
    return toOffset(what === 'key' ? (place.key ?? place.node) : place.node);
  };
}

function toPlaces(collection: unknown): ReadonlyMap<string, Place> {
  if (isSeq(collection)) {
    return new Map(collection.items.map((node, i) => [String(i), { key: undefined, node }]));
  }
  if (!isMap(collection)) return new Map();
  return new Map(
    collection.items.map(({ key, value }) => [toKey(key), { key, node: value ?? key }]),
  );
}

/** A key as text; collections as keys have none, and are errors elsewhere. */
export function toKey(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

/** Where a node begins. */
export function toOffset(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
