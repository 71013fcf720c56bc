// What has happened, kept for the log.
// Promise: words from outside are cleaned, and the latest are kept, a thousand at most.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { FactView } from '../../wire/generated/espalier/v1/sweep.ts';

const FACTS_MOST = 1_000;

/** `known` with what is new at its end. */
export function mergeFacts(
  known: readonly FactView[],
  fresh: readonly FactView[],
): readonly FactView[] {
  if (fresh.length === 0) return known;
  return [...known, ...fresh.map(clean)].slice(-FACTS_MOST);
}

function clean(fact: FactView): FactView {
  return { ...fact, words: toPlainLine(fact.words), tone: toPlainLine(fact.tone) };
}
