// The curves of every trial, in as many points as a page can hold.
// Promise: a sweep whose numbers are within the budget keeps them all. Beyond it every trial keeps its objective and its learning
// rates in fewer points (Largest Triangle Three Buckets, which keeps spikes), and only the best trials keep the other metrics.

import { groupBy } from '../domain/group-by.ts';
import type { JsonNumber } from '../domain/json-number.ts';
import type {
  MemberRecord,
  StageEpochRecord,
  StageMetricRecord,
  SweepRows,
  TrialRecord,
} from '../results/sweep-rows.ts';
import { chooseLargestTriangles } from './largest-triangles.ts';
import { byMerit } from './by-merit.ts';
import type { CurveData } from './report-data.ts';

/** Numbers of all curves together, about seven characters each. */
const BUDGET = 700_000;

/** A curve has at least so many points, where it has as many. */
const LEAST_POINTS = 12;

/** So many of the best trials keep all their metrics, however many trials there are. */
const FULL_TRIALS = 200;

/** How many points each trial's curves may have, and which trials keep only the objective. */
export type CurvePlan = {
  readonly points: number;
  readonly full: ReadonlySet<string> | 'all';
  readonly leftOut: readonly string[];
};

/** Plans the curves of a sweep. */
export function planCurves(
  { sweep, trials, metrics }: Pick<SweepRows, 'sweep' | 'trials' | 'metrics'>,
  budget = BUDGET,
): CurvePlan {
  const names = new Set(metrics.map(({ name }) => name)).size;
  const epochs = trials.reduce((sum, { epochs_done: done }) => sum + done, 0);
  if (epochs * (names + 2) <= budget)
    return { points: Number.POSITIVE_INFINITY, full: 'all', leftOut: [] };
  const best = byMerit(trials, sweep.mode).slice(0, FULL_TRIALS);
  const points = Math.max(LEAST_POINTS, Math.floor(budget / 4 / Math.max(1, trials.length)));
  const isThinned = trials.some(({ epochs_done: done }) => done > points);
  return {
    points,
    full: new Set(best.map(({ trial_id: id }) => id)),
    leftOut: [
      `Metrics other than ${sweep.metric} are kept of the best ${best.length} of ${trials.length} trials.`,
      ...(isThinned
        ? [`Curves are thinned to ${points} points a trial (LTTB); every value is in the database.`]
        : []),
    ],
  };
}

/** A trial's curves, and its epochs. */
type Drawn = { readonly curves: CurveData; readonly epochs: readonly StageEpochRecord[] };

/** Reads trials' curves along their paths. */
export function curveReader(
  rows: Pick<SweepRows, 'sweep' | 'epochs' | 'metrics'>,
  { points, full }: CurvePlan,
): (trial: TrialRecord, path: readonly MemberRecord[]) => Drawn {
  const epochsOf = groupBy(rows.epochs, ({ stage_id: id }) => id);
  const metricsOf = groupBy(rows.metrics, ({ stage_id: id }) => id);
  return (trial, path) => {
    const epochs = along(path, epochsOf);
    const isFull = full === 'all' || full.has(trial.trial_id);
    const metrics = along(path, metricsOf).filter(
      ({ name }) => isFull || name === rows.sweep.metric,
    );
    return {
      curves: thin(toMetrics(epochs, metrics), toRates(epochs), rows.sweep.metric, points),
      epochs,
    };
  };
}

function along<T extends { readonly epoch: number }>(
  path: readonly MemberRecord[],
  byStage: ReadonlyMap<string, readonly T[]>,
): readonly T[] {
  return path
    .flatMap(({ stage_id: id, from_epoch: from, to_epoch: to }) =>
      (byStage.get(id) ?? []).filter(({ epoch }) => epoch >= from && (to === null || epoch < to)),
    )
    .toSorted((a, b) => a.epoch - b.epoch);
}

type MetricColumns = Record<string, (JsonNumber | null)[]>;

function toMetrics(
  epochs: readonly StageEpochRecord[],
  metrics: readonly StageMetricRecord[],
): { readonly behind: readonly number[]; readonly columns: MetricColumns } {
  const behind = epochs.map(({ epoch }) => epoch + 1);
  const places = new Map(behind.map((count, place) => [count - 1, place]));
  const columns = new Map<string, (JsonNumber | null)[]>();
  for (const { epoch, name, kind, value } of metrics) {
    const place = places.get(epoch);
    if (place === undefined) continue;
    const column = columns.get(name) ?? behind.map(() => null);
    columns.set(name, column);
    column[place] = kind === 'finite' ? round(value ?? 0) : (NAMES[kind] ?? null);
  }
  return { behind, columns: Object.fromEntries(columns) };
}

const NAMES: Readonly<Record<string, JsonNumber>> = {
  nan: 'NaN',
  '+inf': 'Infinity',
  '-inf': '-Infinity',
};

/** First, extreme and last rate of each epoch as x, y pairs, x in epochs. Points inside a straight, level line are left out. */
function toRates(epochs: readonly StageEpochRecord[]): readonly (readonly [number, number])[] {
  const points = epochs.flatMap(({ epoch, first, last, least, greatest }): [number, number][] => {
    const extremes = [least, greatest].filter(
      (value) => value < Math.min(first, last) || value > Math.max(first, last),
    );
    return [
      [epoch, round(first)],
      ...extremes.map((value): [number, number] => [epoch + 0.5, round(value)]),
      [epoch + 1, round(last)],
    ];
  });
  return points.filter(
    ([, y], i) => i === 0 || y !== points[i - 1]?.[1] || y !== points[i + 1]?.[1],
  );
}

function thin(
  { behind, columns }: ReturnType<typeof toMetrics>,
  rates: readonly (readonly [number, number])[],
  metric: string,
  most: number,
): CurveData {
  const objective = (columns[metric] ?? []).map((value): number =>
    typeof value === 'number' ? value : 0,
  );
  const kept = chooseLargestTriangles(
    behind.map((x, i) => [x, objective[i] ?? 0]),
    most,
  );
  const metrics = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, kept.map((i) => column[i] ?? null)]),
  );
  const line = chooseLargestTriangles(rates, most).flatMap((i) => rates[i] ?? []);
  const epochs = kept.map((i) => behind[i] ?? 0);
  const isPlain = epochs.every((count, i) => count === i + 1);
  return { ...(isPlain ? {} : { epochs }), metrics, rates: line };
}

/** Six significant digits, which is more than a page can show. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
