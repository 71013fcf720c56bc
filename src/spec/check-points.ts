// Rules across the fields of a strategy, checked for the combinations of a grid's values.
// Promise: in a grid of at most 100,000 trials every combination is looked at, so that making its trials cannot fail. Of a larger
// one, items are left to be checked when their trials are made.

import type { Objective } from '../domain/objective.ts';
import type { StrategyGrid } from '../domain/sweep.ts';
import { CATALOGUE } from '../lr/catalogue.ts';
import { isOwn } from '../lr/own.ts';
import { parseFindings } from '../lr/parse-findings.ts';
import type { StrategySpec } from '../lr/spec.ts';
import { countPoints, pointAt } from '../space/grid.ts';
import { toCanonicalStrategy } from './canonical.ts';
import type { Finding } from './explain-issues.ts';

const MOST_POINTS = 100_000n;

/**
 * What is wrong with the combinations of the items of `learning_rate`, by index: the first one of each item that breaks
 * a rule, or else the first that an item before it has as well.
 */
export function checkPoints(
  grids: ReadonlyMap<number, StrategyGrid>,
  objective: Objective,
): readonly Finding[] {
  const seen: Seen = new Map();
  const names = Array.from(grids.values(), ({ strategy }) => strategy);
  let left = MOST_POINTS;
  return [...grids].flatMap(([item, grid]) => {
    left -= countPoints(grid);
    if (left < 0n) return [];
    const broken = findBroken(item, grid, objective);
    // one item alone has no combination twice, since no axis has a value twice
    const isAlone = names.indexOf(grid.strategy) === names.lastIndexOf(grid.strategy);
    return broken.length > 0 || isAlone ? broken : findRepeat(item, grid, objective, seen);
  });
}

/** By a combination's canonical text, the item that has it. */
type Seen = Map<string, number>;

function findBroken(item: number, grid: StrategyGrid, objective: Objective): readonly Finding[] {
  // what its fields mean is known to its module alone
  if (isOwn(grid.strategy)) return [];
  for (const point of pointsOf(grid)) {
    const parsed = parseFindings(point, objective);
    if (!parsed.ok) return parsed.problems.map((problem) => toFinding(item, point, grid, problem));
  }
  return [];
}

function findRepeat(
  item: number,
  grid: StrategyGrid,
  objective: Objective,
  seen: Seen,
): readonly Finding[] {
  for (const point of pointsOf(grid)) {
    const key = toKey(point, objective);
    if (key === undefined) continue;
    const before = seen.get(key) ?? item;
    if (before !== item) return [toRepeat(item, point, before)];
    seen.set(key, item);
  }
  return [];
}

/** A text that two combinations share if they are the same strategy; nothing for one that is none. */
function toKey(point: StrategySpec, objective: Objective): string | undefined {
  const definition = CATALOGUE[point.strategy];
  if (definition === undefined) return toSortedText(point);
  const parsed = parseFindings(point, objective);
  return parsed.ok ? toCanonicalStrategy(parsed.strategy, definition.fields) : undefined;
}

function toSortedText(point: StrategySpec): string {
  return JSON.stringify(Object.entries(point).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function* pointsOf(grid: StrategyGrid): Generator<StrategySpec, void> {
  const count = countPoints(grid);
  for (let index = 0n; index < count; index += 1n) yield pointAt(grid, index);
}

function toFinding(
  item: number,
  point: StrategySpec,
  { axes }: StrategyGrid,
  problem: { field: string; message: string },
): Finding {
  const { field } = problem;
  const own = Object.hasOwn(axes, field) ? [field] : [];
  const prefix = `${field}: `;
  const bare = own.length > 0 && problem.message.startsWith(prefix);
  const message = bare ? problem.message.slice(prefix.length) : problem.message;
  const isOneOfMany = Object.values(axes).some((values) => values.length > 1);
  return {
    path: ['learning_rate', item, ...own],
    what: 'value',
    message: isOneOfMany ? `${message} (in the combination ${toText(point)})` : message,
  };
}

function toRepeat(item: number, point: StrategySpec, before: number): Finding {
  const message = `received ${toText(point)}, which learning_rate[${before}] has already; it would make the same trials twice`;
  return { path: ['learning_rate', item], what: 'value', message };
}

function toText({ strategy, ...values }: StrategySpec): string {
  const words = Object.entries(values).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [strategy, ...words].join(' ').replaceAll('"', '');
}
