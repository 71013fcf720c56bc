// Every golden trace of the reference implementations, compared or accounted for.

import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { oracleLists, readOracle, toMetrics, type OracleCase, type Written } from './files.ts';
import { PLATEAU_TABLE } from './plateau-table.ts';
import { SCHEDULE_TABLE } from './schedule-table.ts';
import { TORCH_TABLE } from './torch-table.ts';
import type { Group, OracleTable, Places, Runs } from './verdict.ts';
import { makeStrategy, runStrategy, toList, type Ran } from '../run-strategy.ts';

const TABLES: Readonly<Record<string, OracleTable>> = {
  ...PLATEAU_TABLE,
  ...TORCH_TABLE,
  ...SCHEDULE_TABLE,
};

/** What is compared elsewhere: range tests, metrics that traces are made of, and claims about two strategies. */
const NO_TRACES = [
  'caffe_range_tests/series',
  'metric_sequences/sequences',
  'prefix_equivalence/pairs',
  'prefix_equivalence/plateau_claims',
];

/** These count `.step()`s or epochs; the others count optimizer steps, so that an epoch may hold them all. */
const STEP_IS_EPOCH = /plateau|torch|learning_rate_scheduler/;

test('every list of every file has a table', () => {
  expect([...Object.keys(TABLES), ...NO_TRACES].toSorted()).toEqual(oracleLists().toSorted());
});

for (const [path, table] of Object.entries(TABLES)) {
  const [file = '', list = ''] = path.split('/');
  const cases = new Map(readOracle(file, list).map((oracle) => [oracle.id, oracle]));
  describe(path, () => {
    test('the table names every case of the file once, and no other', () => {
      const [whole] = table;
      if (whole?.kind === 'all-out-of-scope')
        return expect([table.length, cases.size]).toEqual([1, whole.count]);
      const named = table.flatMap((group) => ('ids' in group ? group.ids : []));
      expect(named.toSorted()).toEqual([...cases.keys()].toSorted());
    });
    for (const group of table) {
      if (!('toSpec' in group)) continue;
      test.each([...group.ids])(toTitle(group), (id) => {
        const oracle = cases.get(id);
        expect(oracle).toBeDefined();
        if (oracle !== undefined) check(path, group, oracle);
      });
    }
  });
}

/** A group whose cases we do or refuse to do. */
type Compared = Extract<Group, { readonly toSpec: unknown }>;

function toTitle(group: Compared): string {
  if (group.kind === 'matches') return '%s has the reference’s learning rates';
  return group.kind === 'refused'
    ? `%s is refused: ${group.reason}`
    : `%s differs from the reference on purpose: ${group.reason}`;
}

function check(path: string, group: Compared, oracle: OracleCase): void {
  const spec = group.toSpec(oracle);
  if (group.kind === 'refused') {
    const parsed = parseStrategy(spec);
    expect(parsed.ok ? [] : parsed.problems.map(({ field }) => field)).toEqual([group.field]);
    return;
  }
  const trace = toTrace(oracle);
  const places = group.kind === 'departs' ? toPlaces(group.places[oracle.id]) : new Map();
  const steps = 1 + Math.max(trace.at(-1)?.[0] ?? 0, ...places.keys());
  const total = group.toSpec.total?.(oracle) ?? steps;
  const ran = train(path, spec, oracle, { total, steps });
  if (group.kind === 'deviates') return expectOurs(ran, group.runs[oracle.id] ?? '', trace);
  expectElsewhere(ran, places, oracle, trace);
  const rest = trace.filter(([step]) => !places.has(step));
  expectSame(path, ran, oracle, rest);
}

/** Our learning rates by step where we differ. */
function toPlaces(places: Places = ''): ReadonlyMap<number, number> {
  return new Map(
    places.split(' ').flatMap((place): [number, number][] => {
      const [range = '', value] = place.split(':');
      const [from = 0, to = from] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => [from + i, Number(value)]);
    }),
  );
}

/** The reference’s learning rate of some steps: [step, value]. */
type Trace = readonly (readonly [step: number, value: number])[];

function toTrace(oracle: OracleCase): Trace {
  const points = oracle.lr_trace ?? oracle.rows;
  // The last line of a log has a test but no step, hence no learning rate.
  if (points !== undefined) return points.filter(([, value]) => value !== null);
  if (oracle.error !== undefined && oracle.lr === undefined) return [];
  const values = oracle.lr ?? oracle.f64 ?? oracle.scale ?? oracle.factor;
  if (values === undefined) throw new Error(`${oracle.id} has no trace`);
  if (oracle.step_args === undefined)
    return values.map((value, i) => [i * (oracle.stride ?? 1), value]);
  return oracle.step_args.map((epoch, i) => [epoch * perEpoch(oracle), values[i + 1] ?? 0]);
}

/** Fractional epochs are quarters. */
function perEpoch({ step_args = [] }: OracleCase): number {
  return step_args.every(Number.isInteger) ? 1 : 4;
}

/** Trains `total` steps, and asks for those behind the end too, up to `steps`. */
function train(
  path: string,
  spec: unknown,
  oracle: OracleCase,
  { total, steps }: { readonly total: number; readonly steps: number },
): Ran {
  const stepsPerEpoch = STEP_IS_EPOCH.test(path) ? perEpoch(oracle) : total;
  const run = { epochs: Math.ceil(total / stepsPerEpoch), stepsPerEpoch };
  const ran = runStrategy(spec, run, oracle.seq === undefined ? [] : toMetrics(oracle.seq));
  const behind = Math.max(0, steps - ran.lr.length);
  if (behind === 0) return ran;
  const { learningRate, momentum } = makeStrategy(spec).controls(
    ran.states.at(-1),
    ran.lr.length,
    behind,
  );
  return {
    ...ran,
    lr: [...ran.lr, ...toList(learningRate, behind)],
    momentum: [...ran.momentum, ...toList(momentum, behind)],
  };
}

/** In its places a case has our learning rates, and the reference has others, or other momenta. */
function expectElsewhere(
  ran: Ran,
  places: ReadonlyMap<number, number>,
  { momentum = [] }: OracleCase,
  trace: Trace,
): void {
  const wrong = [...places].filter(([step, value]) => !isClose(ran.lr[step], value));
  expect(wrong.map(([step, value]) => ({ step, value, ours: ran.lr[step] }))).toEqual([]);
  const there = trace.filter(([step]) => places.has(step));
  const others = there.filter(
    ([step, value]) =>
      !isClose(ran.lr[step], value) ||
      (step in momentum && !isClose(ran.momentum[step], momentum[step] ?? 0)),
  );
  expect(others.length > 0).toBe(there.length > 0);
}

function expectSame(path: string, ran: Ran, oracle: OracleCase, trace: Trace): void {
  const wrong = trace.filter(([step, value]) => !isSame(path, ran.lr[step], value));
  expect(wrong.map(([step, value]) => ({ step, value, ours: ran.lr[step] }))).toEqual([]);
  const steps = new Set(trace.map(([step]) => step));
  const momenta = oracle.momentum ?? [];
  const other = momenta.filter((m, step) => steps.has(step) && !isClose(ran.momentum[step], m));
  expect(other).toEqual([]);
  if (oracle.wait !== undefined && !oracle.seq?.startsWith('inf_first'))
    expect(ran.states.slice(1, oracle.wait.length + 1)).toMatchObject(toStates(oracle));
}

function isSame(path: string, ours: number | undefined, reference: number): boolean {
  if (path.includes('reduce_')) return Object.is(ours, reference);
  return isClose(ours, reference, path.startsWith('caffe') ? SIX_DIGITS : 1e-12);
}

/** Caffe prints six digits of a float32. */
const SIX_DIGITS = 2.4e-5;

function isClose(ours: number | undefined, reference: number, relative = 1e-12): boolean {
  return ours !== undefined && Math.abs(ours - reference) <= relative * Math.abs(reference) + 1e-15;
}

type State = { readonly wait: number; readonly cooldown: number; readonly best: Written };

function toStates({ wait = [], cooldown = [], best = [] }: OracleCase): readonly State[] {
  return wait.map((count, i) => ({
    wait: count,
    cooldown: cooldown[i] ?? 0,
    best: best[i] ?? null,
  }));
}

function expectOurs(ran: Ran, runs: Runs, trace: Trace): void {
  const ours = runs.split(' ').flatMap((run) => {
    const [value, count] = run.split('*').map(Number);
    return Array.from<number>({ length: count ?? 0 }).fill(value ?? Number.NaN);
  });
  expect(ran.lr.slice(0, ours.length)).toEqual(ours);
  expect(trace.slice(0, ours.length).map(([, value]) => value)).not.toEqual(ours);
}
