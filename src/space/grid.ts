// The grid of a sweep: how many trials it has, and which one is the n-th, without ever making the others.
// Promise: the order is fixed. Strategies come outermost, as listed; then their axes, then the axes of the config, each in the
// order of the spec's keys; then epochs; seeds are innermost.

import { EspalierError } from '../domain/errors.ts';
import type { ConfigValue, StrategyGrid, SweepSpec, TrialSpec } from '../domain/sweep.ts';
import { isOwn } from '../lr/own.ts';
import { parseFindings } from '../lr/parse-findings.ts';
import type { StrategySpec } from '../lr/spec.ts';

type Axes<T> = Readonly<Record<string, readonly T[]>>;

/** How many trials the sweep has, exactly. */
export function countTrials(spec: SweepSpec): bigint {
  const points = spec.learning_rate.reduce((sum, grid) => sum + countPoints(grid), 0n);
  return points * countRepeats(spec);
}

/** How many combinations of values one item of `learning_rate` has. */
export function countPoints(grid: StrategyGrid): bigint {
  return product(lengths(grid.axes));
}

/** The `index`th combination of one item of `learning_rate`, from 0, as the user wrote it: without defaults. */
export function pointAt(grid: StrategyGrid, index: bigint): StrategySpec {
  return { strategy: grid.strategy, ...choose(grid.axes, digits(lengths(grid.axes), index)) };
}

/**
 * The trial with this index, from 0.
 * @throws RangeError beyond the grid; EspalierError `invalid` if the strategy's values do not go together.
 */
export function trialAt(spec: SweepSpec, index: number | bigint): TrialSpec {
  const repeats = countRepeats(spec);
  let point = BigInt(index) / repeats;
  for (const [item, grid] of index < 0 ? [] : spec.learning_rate.entries()) {
    const points = countPoints(grid);
    if (point < points) {
      return toTrial(spec, item, parsePoint(spec, grid, point), BigInt(index) % repeats);
    }
    point -= points;
  }
  throw new RangeError(`no trial ${index} in a grid of ${countTrials(spec)}`);
}

/** All trials in order. @throws EspalierError `invalid` at the first one whose strategy's values do not go together. */
export function* trials(spec: SweepSpec): Generator<TrialSpec, void> {
  const repeats = countRepeats(spec);
  for (const [item, grid] of spec.learning_rate.entries()) {
    const points = countPoints(grid);
    for (let point = 0n; point < points; point += 1n) {
      const strategy = parsePoint(spec, grid, point);
      for (let n = 0n; n < repeats; n += 1n) yield toTrial(spec, item, strategy, n);
    }
  }
}

/** How often each strategy's point is trained: once for each config, length and seed. */
function countRepeats(spec: SweepSpec): bigint {
  return product(repeatLengths(spec));
}

function repeatLengths(spec: SweepSpec): number[] {
  return [...lengths(spec.config), spec.epochs.length, spec.seeds.length];
}

function toTrial(
  spec: SweepSpec,
  item: number,
  learning_rate: StrategySpec,
  repeat: bigint,
): TrialSpec {
  const chosen = digits(repeatLengths(spec), repeat);
  const [epochs, seed] = [spec.epochs[chosen.at(-2) ?? 0], spec.seeds[chosen.at(-1) ?? 0]];
  if (epochs === undefined || seed === undefined) throw new RangeError('the grid is empty');
  return { item, config: choose<ConfigValue>(spec.config, chosen), learning_rate, seed, epochs };
}

function parsePoint(spec: SweepSpec, grid: StrategyGrid, index: bigint): StrategySpec {
  const point = pointAt(grid, index);
  // its defaults and rules are known to the trial's module alone
  if (isOwn(point.strategy)) return point;
  const parsed = parseFindings(point, spec.objective);
  if (parsed.ok) return parsed.strategy;
  const reasons = parsed.problems.map(({ field, message }) => `${field}: ${message}`);
  throw new EspalierError(
    'invalid',
    `learning_rate ${JSON.stringify(point)}: ${reasons.join('; ')}`,
  );
}

/** One value of each axis. A slice of one, since `undefined` may be a value of `T`. */
function choose<T>(axes: Axes<T>, chosen: readonly number[]): Record<string, T> {
  const entries = Object.entries(axes).flatMap(([name, values], i) => {
    const index = chosen[i] ?? 0;
    return values.slice(index, index + 1).map((value): [string, T] => [name, value]);
  });
  return Object.fromEntries(entries);
}

function lengths(axes: Axes<unknown>): number[] {
  return Object.values(axes).map((values) => values.length);
}

function product(sizes: readonly number[]): bigint {
  return sizes.reduce((count, size) => count * BigInt(size), 1n);
}

/** The digits of `index` in a number system whose places have these sizes, the last place counting fastest. */
function digits(sizes: readonly number[], index: bigint): number[] {
  let rest = index;
  const places = sizes.map(() => 0);
  for (let place = sizes.length - 1; place >= 0; place -= 1) {
    const size = BigInt(sizes[place] ?? 1);
    places[place] = Number(rest % size);
    rest /= size;
  }
  return places;
}
