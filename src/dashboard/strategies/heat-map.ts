// Two values of a strategy against each other, and what trials come to at each pair: factor × patience of a plateau, base × max of
// a cycle. Other values, configs and seeds are taken together in a cell.

import { toScore, type Mode } from '../../domain/objective.ts';
import type { TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { HeatOf } from '../model.ts';
import { medianOf } from '../../domain/median.ts';
import { resultsOf, type Goal } from '../summary/goal.ts';

/** The names and values of both axes, and the cells by row and column; a cell without a result is undefined. */
export type HeatMap = {
  readonly across: string;
  readonly down: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly (readonly (number | undefined)[])[];
};

/** What people look at first in a strategy. */
const USUAL: Readonly<Record<string, readonly [across: string, down: string]>> = {
  plateau: ['factor', 'patience'],
  cyclic: ['base_lr', 'max_lr'],
};

/** The map of trials of one strategy; undefined where none of its values differs. */
export function toHeatMap(
  trials: readonly TrialView[],
  goal: Goal,
  heatOf: HeatOf,
): HeatMap | undefined {
  const axes = chooseAxes(trials);
  if (axes === undefined) return undefined;
  const [across, down] = axes;
  const groups = new Map<string, TrialView[]>();
  for (const trial of trials) {
    const key = JSON.stringify([fieldOf(trial, down), fieldOf(trial, across)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [trial]);
    else group.push(trial);
  }
  const columns = valuesAt(trials, across);
  const rows = valuesAt(trials, down);
  const cells = rows.map((row) =>
    columns.map((column) => toCell(groups.get(JSON.stringify([row, column])) ?? [], goal, heatOf)),
  );
  return { across, down, columns, rows, cells };
}

/** How good each finite cell is among all, 0 the best and 1 the worst; a spread is better the smaller it is. */
export function heatShares(
  { cells }: HeatMap,
  mode: Mode,
  heatOf: HeatOf,
): (value: number) => number {
  const scores = cells
    .flat()
    .filter((value) => value !== undefined)
    .map((value) => scoreOf(value, mode, heatOf));
  const least = Math.min(...scores);
  const range = Math.max(...scores) - least;
  return (value) => (range > 0 ? (scoreOf(value, mode, heatOf) - least) / range : 0);
}

function scoreOf(value: number, mode: Mode, heatOf: HeatOf): number {
  return toScore(heatOf === 'spread' ? 'min' : mode, value);
}

function toCell(trials: readonly TrialView[], goal: Goal, heatOf: HeatOf): number | undefined {
  const values = resultsOf(trials, goal);
  if (heatOf === 'best') return values[0];
  if (heatOf === 'median') return medianOf(values);
  const [best, worst] = [values[0], values.at(-1)];
  return values.length < 2 || best === undefined || worst === undefined
    ? undefined
    : Math.abs(best - worst);
}

function chooseAxes(trials: readonly TrialView[]): readonly [string, string] | undefined {
  const [first] = trials;
  if (first === undefined) return undefined;
  const names = first.strategyFields.map(({ name }) => name);
  const counts = new Map(names.map((name) => [name, valuesAt(trials, name).length]));
  const usual = Object.hasOwn(USUAL, first.strategy) ? USUAL[first.strategy] : undefined;
  if (usual?.every((name) => names.includes(name))) return usual;
  const moving = names
    .filter((name) => (counts.get(name) ?? 0) > 1)
    .toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const [across = names[0], down = names.find((name) => name !== across)] = moving;
  const differs = moving.length > 0;
  return differs && across !== undefined && down !== undefined ? [across, down] : undefined;
}

function valuesAt(trials: readonly TrialView[], name: string): readonly string[] {
  const values = new Set(trials.map((trial) => fieldOf(trial, name)));
  return [...values].filter(Boolean).toSorted(byNumber);
}

function fieldOf({ strategyFields }: TrialView, name: string): string {
  return strategyFields.find((field) => field.name === name)?.value ?? '';
}

function byNumber(a: string, b: string): number {
  const [x, y] = [Number.parseFloat(a), Number.parseFloat(b)];
  if (x !== y && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : Number(a > b);
}
