// Every golden trace of the reference implementations, compared or accounted for.

import { describe, expect, test } from 'vitest';

import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import { readOracle, toMetrics, type OracleCase, type Written } from './oracle-files.ts';
import { PLATEAU_TABLE } from './oracle-plateau-table.ts';
import { SCHEDULE_TABLE } from './oracle-table.ts';
import type { Group, OracleTable, Runs } from './oracle-verdict.ts';
import { runStrategy, type Ran } from './run-strategy.ts';

const TABLES: Readonly<Record<string, OracleTable>> = { ...PLATEAU_TABLE, ...SCHEDULE_TABLE };

/** PyTorch counts `.step()`s, one an epoch; the others count optimizer steps, so that an epoch may hold them all. */
const STEP_IS_EPOCH = /plateau|torch/;

for (const [path, table] of Object.entries(TABLES)) {
  const [file = '', list = ''] = path.split('/');
  const cases = new Map(readOracle(file, list).map((oracle) => [oracle.id, oracle]));
  describe(path, () => {
    test('the table names every case of the file once, and no other', () => {
      expect(table.flatMap(({ ids }) => ids).toSorted()).toEqual([...cases.keys()].toSorted());
    });
    for (const group of table) {
      if (group.kind === 'out-of-scope') continue;
      test.each([...group.ids])(toTitle(group), (id) => {
        const oracle = cases.get(id);
        expect(oracle).toBeDefined();
        if (oracle !== undefined) check(path, group, oracle);
      });
    }
  });
}

function toTitle(group: Exclude<Group, { kind: 'out-of-scope' }>): string {
  if (group.kind === 'matches') return '%s has the reference’s learning rates';
  return group.kind === 'deviates'
    ? `%s differs from the reference on purpose: ${group.reason}`
    : `%s is refused: ${group.reason}`;
}

function check(
  path: string,
  group: Exclude<Group, { kind: 'out-of-scope' }>,
  oracle: OracleCase,
): void {
  const spec = group.toSpec(oracle);
  if (group.kind === 'refused') {
    const parsed = parseStrategy(spec);
    expect(parsed.ok ? [] : parsed.problems.map(({ field }) => field)).toEqual([group.field]);
    return;
  }
  const trace = toTrace(oracle);
  const ran = train(path, spec, oracle, trace);
  if (group.kind === 'matches') expectSame(path, ran, oracle, trace);
  else expectOurs(ran, group.runs[oracle.id] ?? '', trace);
}

/** The reference’s learning rate of some steps: [step, value]. */
type Trace = readonly (readonly [step: number, value: number])[];

function toTrace(oracle: OracleCase): Trace {
  const points = oracle.lr_trace ?? oracle.rows;
  // The last line of a log has a test but no step, hence no learning rate.
  if (points !== undefined) return points.filter(([, value]) => value !== null);
  const values = oracle.lr ?? oracle.f64 ?? oracle.scale ?? oracle.factor;
  if (values === undefined) throw new Error(`${oracle.id} has no trace`);
  return values.map((value, i) => [i * (oracle.stride ?? 1), value]);
}

function train(path: string, spec: unknown, oracle: OracleCase, trace: Trace): Ran {
  const steps = (trace.at(-1)?.[0] ?? 0) + 1;
  const shape = STEP_IS_EPOCH.test(path)
    ? { epochs: steps, stepsPerEpoch: 1 }
    : { epochs: 1, stepsPerEpoch: steps };
  return runStrategy(spec, shape, oracle.seq === undefined ? [] : toMetrics(oracle.seq));
}

function expectSame(path: string, ran: Ran, oracle: OracleCase, trace: Trace): void {
  const wrong = trace.filter(([step, value]) => !isSame(path, ran.lr[step], value));
  expect(wrong.map(([step, value]) => ({ step, value, ours: ran.lr[step] }))).toEqual([]);
  const momentum = oracle.momentum ?? [];
  expect(momentum.filter((value, step) => !isClose(ran.momentum[step], value))).toEqual([]);
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
