// A results database with a sweep of the honest trial, as if it had been trained: by the store's own schema, without a coordinator.
// Trials with the same strategy share a stage for their first epochs, and part into stages of their own.

import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { observe, partition, toMembers } from '../../../agent/core/cohort.ts';
import { summarizeRates, toRateChunks } from '../../../agent/core/rate-report.ts';
import { toStored } from '../../../coordinator/store/number.ts';
import { openDatabase } from '../../../coordinator/store/open.ts';
import type { Config } from '../../../src/domain/sweep.ts';
import { parseStrategy } from '../../../src/lr/parse-strategy.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { metricsOf, sumOf } from './fixtures/honest-metrics.mjs';

/** The trial's program. */
export const HONEST: readonly string[] = [
  process.execPath,
  join(import.meta.dirname, 'fixtures/honest.mjs'),
];

/** A trial to record: `epochs` in all, of which `done` are recorded. */
export type TrialToRecord = {
  readonly strategy: object;
  readonly config?: Config;
  readonly epochs?: number;
  readonly done?: number;
};

const OBJECTIVE = { metric: 'val_loss', mode: 'min', at: 'best' } as const;
const [STEPS, SHARED, SEED] = [4, 2, 3];

/** A state folder with the sweep `s` of these trials; `change` is SQL that is run at its end, `code` the bundle's text. */
export function recordSweep(
  trials: readonly TrialToRecord[],
  change = '',
  code = 'the bundle',
): string {
  const state = temporaryFolder();
  const db = openDatabase(statePaths(state).database);
  onTestFinished(() => void db.close());
  insert(db, 'sweep', {
    sweep_id: 's',
    name: 's',
    fingerprint: '',
    state: 'running',
    metric: 'val_loss',
    mode: 'min',
    at: 'best',
    spec_json: JSON.stringify({ objective: OBJECTIVE, backends: [], epochs: [2, 8] }),
    sweep_file: '',
    bundle_json: JSON.stringify(store(state, 'bundle.mjs', code)),
    files_json: JSON.stringify([store(state, 'data/a.txt', 'the data')]),
    submitted_ms: 0,
  });
  trials.forEach((trial, index) => recordTrial(db, index + 1, trial));
  db.exec(change);
  return state;
}

function recordTrial(db: Database, number: number, trial: TrialToRecord): void {
  const { config = {}, epochs = 8, done = epochs } = trial;
  const parsed = parseStrategy(trial.strategy, OBJECTIVE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const [trialId, shared, own] = [`s/${number}`, `s/${number}@0`, `s/${number}@${SHARED}`];
  insert(db, 'trial', {
    trial_id: trialId,
    sweep_id: 's',
    number,
    strategy: parsed.strategy.strategy,
    strategy_json: JSON.stringify(parsed.strategy),
    strategy_label: '',
    config_json: JSON.stringify(config),
    config_label: '',
    seed: SEED,
    epochs,
    state: done === epochs ? 'completed' : 'running',
    message: '',
    epochs_done: done,
    stage_id: own,
    pausing: 0,
  });
  recordStage(db, trialId, { id: shared, parent: null, from: 0, to: SHARED });
  recordStage(db, trialId, { id: own, parent: shared, from: SHARED, to: null });
  let members = toMembers([{ trialId, number, spec: parsed.strategy, epochs }], {
    stepsPerEpoch: STEPS,
    objective: OBJECTIVE,
  });
  let sum = 0;
  for (let epoch = 0; epoch < done; epoch += 1) {
    const series = partition(members, epoch, STEPS)[0]?.controls.learningRate ?? 0;
    const rates = typeof series === 'number' ? series : Array.from(series);
    sum += sumOf(rates, STEPS);
    const metrics = metricsOf(SEED, epoch, sum);
    recordEpoch(db, epoch < SHARED ? shared : own, epoch, series, metrics);
    members = observe(members, epoch, metrics);
  }
}

type StageToRecord = { id: string; parent: string | null; from: number; to: number | null };

function recordStage(db: Database, trialId: string, { id, parent, from, to }: StageToRecord): void {
  insert(db, 'stage', {
    stage_id: id,
    sweep_id: 's',
    parent_id: parent,
    from_epoch: from,
    state: 'ended',
    attempt: 1,
    recorded_epochs: 0,
    repeated_epochs: 0,
    reproducible: 1,
    steps_per_epoch: STEPS,
    numerics: 'honest of cpu',
    failures: 0,
    losses: 0,
    last_failure: '',
    root_id: `${trialId}@0`,
    until_epoch: 8,
  });
  insert(db, 'trial_stage', { trial_id: trialId, stage_id: id, from_epoch: from, to_epoch: to });
  const lease = { agent_id: 'a', slot: 'cpu0', backend: 'cpu', granted_ms: 0, ended_ms: 0 };
  insert(db, 'attempt', { stage_id: id, attempt: 1, ...lease, end: 'completed', message: '' });
}

function recordEpoch(
  db: Database,
  stage_id: string,
  epoch: number,
  series: number | Float32Array,
  metrics: Readonly<Record<string, number>>,
): void {
  const { lrFirst, lrLast, lrLeast, lrGreatest } = summarizeRates(series);
  insert(db, 'epoch', {
    stage_id,
    epoch,
    attempt: 1,
    steps: STEPS,
    lr_first: lrFirst,
    lr_last: lrLast,
    lr_least: lrLeast,
    lr_greatest: lrGreatest,
    lr_applied: lrLast,
    seconds: 0,
    recorded_ms: 0,
  });
  for (const [name, value] of Object.entries(metrics))
    insert(db, 'metric', { stage_id, epoch, name, ...toStored(value) });
  for (const { fromStep: from_step, values } of toRateChunks(series, 3)) {
    const float32_values = Buffer.from(Float32Array.from(values).buffer);
    const chunk = { stage_id, epoch, attempt: 1, from_step, float32_values };
    insert(db, 'learning_rate_series', chunk);
  }
}

function insert(db: Database, table: string, row: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(row);
  const marks = names.map((name) => `@${name}`);
  db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${marks.join()})`).run(row);
}

function store(state: string, path: string, text: string): object {
  const sha256 = createHash('sha256').update(text).digest('hex');
  const { blobs } = statePaths(state);
  mkdirSync(blobs, { recursive: true });
  writeFileSync(join(blobs, sha256), text);
  return { path, sha256, sizeBytes: text.length };
}
