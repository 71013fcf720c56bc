// What the members of a stage leave to range tests, and what is made of the curves.
// Promise: pure; each test is run once however many members ask for it, and what is found has three significant digits at most when a
// strategy gets it.

import { type Find, findingsOf, toFindKey, toTestKey } from '../../src/lr/find.ts';
import { analyzeLosses, type LossCurve } from '../../src/lr/range-test/analyze-losses.ts';
import { chooseRates } from '../../src/lr/range-test/choose-rates.ts';
import type { RatesFound } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { MemberSpec } from './cohort.ts';

/** Finds that need the same test, at least one. */
export type RangeTest = { readonly find: Find; readonly finds: readonly Find[] };

/** The tests that the members need; none if they can be trained as they are. */
export function toRangeTests(members: readonly MemberSpec[]): readonly RangeTest[] {
  const finds = new Map<string, Find>();
  for (const { spec } of members)
    for (const [, { find }] of findingsOf(spec)) finds.set(toFindKey(find), find);
  const tests = new Map<string, RangeTest>();
  for (const find of finds.values()) {
    const key = toTestKey(find);
    const before = tests.get(key);
    tests.set(key, { find: before?.find ?? find, finds: [...(before?.finds ?? []), find] });
  }
  return [...tests.values()];
}

/** The rates that the curves of all seeds suggest, for each of the finds; and words for those that have none. */
export function toFoundRates({ finds }: RangeTest, curves: readonly LossCurve[]): RatesFound {
  const analyses = curves.map((curve) => analyzeLosses(curve));
  const found: RatesFound = { rates: [], missing: [] };
  for (const find of finds) {
    const chosen = chooseRates(analyses, find.suggest);
    const findJson = JSON.stringify(find);
    if (chosen.kind === 'none') {
      const words = `the range test found no learning rate (${find.suggest}): ${chosen.why}`;
      found.missing.push({ findJson, words });
      continue;
    }
    const { max_lr: maxLr, base_lr: baseLr, least, greatest, found: count, of, words } = chosen;
    const counts = { found: count, tested: of };
    found.rates.push({ findJson, maxLr, baseLr, least, greatest, ...counts, words });
  }
  return found;
}
