// A strategy as a sweep file may write it: with learning rates that are still to be found.
// Promise: what comes out has every field filled, and would be good with any sensible rate in the place of what is to be found.

import { CATALOGUE } from './catalogue.ts';
import type { Monitored } from './definition.ts';
import { findFindingProblem, isFinding, toFinding } from './find.ts';
import { isMapping } from './parse-field.ts';
import { type ParsedStrategy, parseStrategy } from './parse-strategy.ts';
import type { StrategySpec } from './spec.ts';

/** What stands in the place of `base_lr`, and of any other field. */
type StandIns = { readonly low: number; readonly high: number };

/** Beside these no rule between fields is broken that a found rate could keep. */
const BOUNDS: StandIns = { low: 1e-12, high: 1e6 };

/** Stand for rates that are still to be found where some must be drawn: usual ones, or else the nearest powers of ten away. */
const USUAL: readonly StandIns[] = [
  { low: 0.025, high: 0.1 },
  ...[1, 2, 3, 4, 5, 6].flatMap((away) => [
    { low: 0.025, high: 0.1 * 10 ** away },
    { low: 0.025 / 10 ** away, high: 0.1 },
    { low: 0.025 / 10 ** away, high: 0.1 / 10 ** away },
  ]),
];

/** Reads one strategy as `parseStrategy` does, whose findable fields may be `{ find: … }`. Never throws. */
export function parseFindings(value: unknown, objective?: Monitored): ParsedStrategy {
  const findings = isMapping(value) ? findableOf(value) : [];
  if (!isMapping(value) || findings.length === 0) return parseStrategy(value, objective);
  const problems = findings.flatMap(([field, item]) => {
    const problem = isFinding(item) ? findFindingProblem(item) : undefined;
    return problem === undefined ? [] : [{ field, message: `${field}: ${problem}` }];
  });
  if (problems.length > 0) return { ok: false, problems };
  const parsed = parseStrategy({ ...value, ...standIns(findings, BOUNDS) }, objective);
  if (!parsed.ok) return parsed;
  const kept = findings.map(([name, item]) => [name, isFinding(item) ? toFinding(item) : item]);
  return { ok: true, strategy: { ...parsed.strategy, ...Object.fromEntries(kept) } };
}

/** Other fields are refused by their own rule. */
function findableOf(
  value: Readonly<Record<string, unknown>>,
): readonly (readonly [string, unknown])[] {
  const name = String(value['strategy']);
  const fields = Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name]?.fields : undefined;
  return Object.entries(value).filter(
    ([field, item]) => isFinding(item) && fields?.[field]?.findable === true,
  );
}

/**
 * The strategy as if what is to be found were 0.1, and 0.025 as `base_lr`, each times its `times`; or powers of ten away from
 * that, where the other values would not go with it.
 */
export function withUsualRates(spec: StrategySpec): StrategySpec {
  const findings = Object.entries(spec).filter(([, value]) => isFinding(value));
  if (findings.length === 0) return spec;
  const settled = USUAL.map((usual) => ({ ...spec, ...standIns(findings, usual, timesOf) }));
  const fitting = settled.find((candidate) => parseStrategy(candidate).ok);
  return fitting ?? { ...spec, ...standIns(findings, BOUNDS) };
}

function timesOf(value: unknown): number {
  return isFinding(value) ? toFinding(value).find.times : 1;
}

function standIns(
  findings: readonly (readonly [string, unknown])[],
  { low, high }: StandIns,
  times: (value: unknown) => number = () => 1,
): Readonly<Record<string, number>> {
  const entries = findings.map(([name, value]): [string, number] => [
    name,
    (name === 'base_lr' ? low : high) * times(value),
  ]);
  return Object.fromEntries(entries);
}
