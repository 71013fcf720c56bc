// `{ find: … }` in the place of a learning rate: the value that a range test of the trial's own model suggests.
// Promise: nothing runs with such a value; a strategy is settled first, by the rates that the tests came to.

import { show, isMapping } from './parse-field.ts';
import { METHODS, type Method } from './range-test/analyze-losses.ts';
import { DEFAULT_RAMP, findRampProblem, type Ramp, SCALES } from './range-test/ramp.ts';
import type { StrategySpec } from './spec.ts';

/** What is tested and how the curve is read, every field filled. */
export type Find = Ramp & {
  readonly suggest: Method;
  /** Each is tested; the median counts. */
  readonly seeds: readonly number[];
  /** The value is so many times what is suggested. */
  readonly times: number;
};

/** The place of a value that is still to be found. */
export type Finding = { readonly find: Find };

/** What range tests of one config came to: suggestions for the upper and the lower bound of the learning rate. */
export type FoundRates = { readonly max_lr: number; readonly base_lr: number };

/** What `{ find: {} }` means. */
export const DEFAULT_FIND: Find = {
  ...DEFAULT_RAMP,
  suggest: 'valley',
  seeds: [1, 2, 3],
  times: 1,
};

/** How many seeds there can be, and the greatest one. */
export const SEEDS = { most: 20, greatest: 2 ** 32 - 1 } as const;

const DIGITS = 3;

/** Whether a value is written as one to be found, rightly or not. */
export function isFinding(value: unknown): value is { readonly find: unknown } {
  return isMapping(value) && Object.hasOwn(value, 'find');
}

/** What is wrong with a value that {@link isFinding}, or nothing. */
export function findFindingProblem(value: { readonly find: unknown }): string | undefined {
  const other = Object.keys(value).find((key) => key !== 'find');
  if (other !== undefined) return `received ${show(value)}; beside find nothing can be said`;
  const given = value.find ?? {};
  if (!isMapping(given))
    return `received ${show(value)}; find must be a mapping, such as { find: {} }`;
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(DEFAULT_FIND, key));
  if (unknown !== undefined)
    return `received the unknown field ${show(unknown)}; find has ${Object.keys(DEFAULT_FIND).join(', ')}`;
  return findProblem({ ...DEFAULT_FIND, ...given });
}

/** The finding with every field filled; the value must have no problem. */
export function toFinding(value: { readonly find: unknown }): Finding {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- findFindingProblem has seen every field
  return { find: { ...DEFAULT_FIND, ...(value.find as Partial<Find> | null) } };
}

/** The fields of a strategy whose values are still to be found. */
export function findingsOf(spec: StrategySpec): readonly (readonly [string, Finding])[] {
  return Object.entries(spec).flatMap(([name, value]) =>
    isFinding(value) ? [[name, toFinding(value)] as const] : [],
  );
}

/** Whether a strategy has a value that is still to be found. */
export function hasFindings(spec: StrategySpec): boolean {
  return Object.values(spec).some(isFinding);
}

/**
 * The strategy with the values that were found: `base_lr` has the suggested lower bound, any other field the upper one, times `times`, to
 * three significant digits. Nothing where `ratesOf` knows none for one of them.
 */
export function settleFindings(
  spec: StrategySpec,
  ratesOf: (find: Find) => FoundRates | undefined,
): StrategySpec | undefined {
  const settled: [string, unknown][] = [];
  for (const [name, value] of Object.entries(spec)) {
    if (!isFinding(value)) {
      settled.push([name, value]);
      continue;
    }
    const { find } = toFinding(value);
    const rates = ratesOf(find);
    if (rates === undefined) return undefined;
    const rate = name === 'base_lr' ? rates.base_lr : rates.max_lr;
    settled.push([name, Number((rate * find.times).toPrecision(DIGITS))]);
  }
  return { ...Object.fromEntries(settled), strategy: spec.strategy };
}

/** What is tested, without what is made of it: two findings with the same text need one test. */
export function toTestKey({ min_lr, max_lr, steps, scale, seeds }: Find): string {
  return JSON.stringify([min_lr, max_lr, steps, scale, seeds]);
}

/** What decides the rates: two findings with the same text have the same ones. */
export function toFindKey(find: Find): string {
  return JSON.stringify([toTestKey(find), find.suggest]);
}

type Loose = { readonly [K in keyof Find]: unknown };

function findProblem(find: Loose): string | undefined {
  const { min_lr, max_lr, steps, scale, suggest, seeds, times } = find;
  if (scale !== 'exponential' && scale !== 'linear')
    return `received ${show(scale)} as its scale; scale must be one of ${SCALES.join(', ')}`;
  if (typeof min_lr !== 'number' || typeof max_lr !== 'number' || typeof steps !== 'number') {
    const wrong = [min_lr, max_lr, steps].find((value) => typeof value !== 'number');
    return `received ${show(wrong)}; min_lr, max_lr and steps must be numbers`;
  }
  const problem = findRampProblem({ min_lr, max_lr, steps, scale });
  if (problem !== undefined) return problem;
  if (!METHODS.some((method) => method === suggest))
    return `received ${show(suggest)} as its suggest; suggest must be one of ${METHODS.join(', ')}`;
  if (!isSeeds(seeds))
    return `received ${show(seeds)} as its seeds; seeds must be a list of 1 to ${SEEDS.most} different whole numbers from 0 to ${SEEDS.greatest}`;
  if (typeof times !== 'number' || !(times > 0) || !Number.isFinite(times * max_lr))
    return `received ${show(times)} as its times; times must be a finite number, above 0, and so must times × max_lr`;
  return undefined;
}

function isSeeds(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= SEEDS.most &&
    new Set(value).size === value.length &&
    value.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= SEEDS.greatest)
  );
}
