// Facts as rows: a late writer changes nothing, an ended record stays, and a dead attempt leaves no series behind.

import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import type { Fact } from '../../../coordinator/core/fact.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { openStore } from '../../../coordinator/store/store.ts';
import { statePaths } from '../../../src/storage/state-folder.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { submission } from '../../support/sweep.ts';
import { decideSubmission } from '../../../coordinator/core/decide/submission.ts';
import { emptyState } from '../../../coordinator/core/model.ts';

const NOW = { monoMs: 0, wallMs: 0 };
const STAGE = { stageId: 'small/1@0', attempt: 1 };
const RATES = { steps: 2, first: 1, last: 1, least: 1, greatest: 1, applied: 1 };

type Opened = { readonly store: Store; rows(sql: string): unknown };

/** A store with one sweep of one trial, and a second connection that reads it. */
function opened(): Opened {
  const path = statePaths(temporaryFolder()).database;
  const store = openStore(path);
  const reader = new Database(path, { readonly: true });
  onTestFinished(() => {
    reader.close();
    store.close();
  });
  write(store, ...decideSubmission(emptyState(), { ...submission(1, 3), now: NOW }), {
    kind: 'agent-joined',
    agentId: 'ann',
    incarnation: '1',
    name: 'ann',
    version: '1',
    slots: [],
    draining: false,
  });
  return { store, rows: (sql) => reader.prepare(sql).all() };
}

function write(store: Store, ...facts: readonly Fact[]): void {
  store.transaction(() => {
    for (const fact of facts) store.write(fact, 0);
  });
}

function granted(attempt: number): Fact {
  const slot = { agentId: 'ann', slot: 'cpu0', start: null };
  return { ...STAGE, ...slot, kind: 'lease-granted', attempt, wallMs: 0 };
}

function ended(attempt: number, failure: string | null = null): Fact {
  const end = failure === null ? 'lost' : 'failed';
  const message = failure ?? 'lost';
  return {
    ...STAGE,
    kind: 'lease-ended',
    attempt,
    end,
    message,
    failure,
    wallMs: 0,
    waitUntilMonoMs: null,
  };
}

function recorded(attempt: number, epoch: number, value = 0.5): Fact {
  const metrics = { val_loss: value };
  return {
    ...STAGE,
    kind: 'epoch-recorded',
    attempt,
    epoch,
    metrics,
    rates: RATES,
    seconds: 1,
    value,
    isBest: true,
    wallMs: 0,
  };
}

function series(attempt: number, epoch: number, values: readonly number[]): Fact {
  return { ...STAGE, kind: 'series-recorded', attempt, epoch, fromStep: 0, values };
}

test('a fact of an attempt that is no longer current is a bug', () => {
  const { store } = opened();
  write(store, granted(1), ended(1), granted(2));
  const late: readonly Fact[] = [
    { ...STAGE, kind: 'stage-opened', stepsPerEpoch: 2, backend: 'cpu', numerics: 'cpu' },
    { ...STAGE, kind: 'epoch-repeated', epoch: 0, isSame: false },
    recorded(1, 0),
    ended(1),
  ];
  for (const fact of late)
    expect(() => write(store, fact), fact.kind).toThrow('other than one row');
});

test('what an attempt says after its lease has ended is a bug, too', () => {
  const { store } = opened();
  write(store, granted(1), ended(1));
  const late: readonly Fact[] = [
    { ...STAGE, kind: 'stage-opened', stepsPerEpoch: 2, backend: 'cpu', numerics: 'cpu' },
    { ...STAGE, kind: 'epoch-repeated', epoch: 0, isSame: false },
    recorded(1, 0),
  ];
  for (const fact of late)
    expect(() => write(store, fact), fact.kind).toThrow('other than one row');
});

test('nothing ends twice', () => {
  const { store } = opened();
  const endings: readonly Fact[] = [
    { kind: 'trial-ended', trialId: 'small/1', state: 'cancelled', message: '', wallMs: 0 },
    { kind: 'stage-ended', stageId: 'small/1@0' },
    { kind: 'sweep-ended', sweepId: 'small', state: 'cancelled', wallMs: 0 },
  ];
  write(store, ...endings);
  for (const fact of endings)
    expect(() => write(store, fact), fact.kind).toThrow('other than one row');
});

test('the label of a failure is stored as it was decided, and a loss keeps the one before', () => {
  const { store, rows } = opened();
  write(store, granted(1), ended(1, 'epoch 0: no such layer'), granted(2), ended(2));
  expect(rows('SELECT failures, losses, last_failure FROM stage')).toEqual([
    { failures: 1, losses: 1, last_failure: 'epoch 0: no such layer' },
  ]);
});

test('an epoch of a stage leaves its trials alone that have ended', () => {
  const { store, rows } = opened();
  write(store, granted(1), recorded(1, 0), {
    kind: 'trial-ended',
    trialId: 'small/1',
    state: 'cancelled',
    message: 'cancelled',
    wallMs: 0,
  });
  write(store, recorded(1, 1, 0.25));
  expect(rows('SELECT epochs_done, best_epoch, best_value, last_value FROM trial')).toEqual([
    { epochs_done: 1, best_epoch: 0, best_value: 0.5, last_value: 0.5 },
  ]);
});

test('an epoch has the series of the attempt that recorded it', () => {
  const { store, rows } = opened();
  write(store, granted(1), series(1, 0, [0.5, 0.25]), ended(1), granted(2));
  write(store, series(2, 0, [1, 2]), series(2, 0, [1, 2]), recorded(2, 0));
  expect(rows('SELECT attempt, hex(float32_values) AS bytes FROM learning_rate_series')).toEqual([
    { attempt: 2, bytes: '0000803F00000040' },
  ]);
});

test('an epoch that was recorded as constant has no series, though a dead attempt had sent one', () => {
  const { store, rows } = opened();
  write(
    store,
    granted(1),
    series(1, 0, [0.5]),
    series(1, 1, [0.5]),
    ended(1),
    granted(2),
    recorded(2, 0),
  );
  expect(rows('SELECT epoch, attempt FROM learning_rate_series')).toEqual([
    { epoch: 1, attempt: 1 },
  ]);
  write(store, recorded(2, 1));
  expect(rows('SELECT epoch, attempt FROM learning_rate_series')).toEqual([]);
});
