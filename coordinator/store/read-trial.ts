// What is on record of one trial, read for people.

import type { Database } from 'better-sqlite3';
import { readTrialRecord } from '../../src/results/trial-record.ts';
import { byEpoch, type MetricRow } from './by-epoch.ts';
import { fromStored } from './number.ts';
import type { Store } from './store.ts';

type RatesRow = { epoch: number; first: number; last: number; least: number; greatest: number };

/** The store's readers of a trial. */
export function createTrialReader(
  db: Database,
): Pick<Store, 'recentValues' | 'epochsOf' | 'valuesFrom' | 'record'> {
  const recent = db.prepare(
    'SELECT epoch, name, kind, value FROM trial_metrics WHERE trial_id = ? AND name = ? ORDER BY epoch DESC LIMIT ?',
  );
  const ofTrial = db.prepare(
    'SELECT epoch, name, kind, value FROM trial_metrics WHERE trial_id = ? AND epoch >= ? ORDER BY epoch',
  );
  const rates = db.prepare(
    'SELECT epoch, first, last, least, greatest FROM learning_rates WHERE trial_id = ? AND epoch >= ? ORDER BY epoch',
  );
  const values = db.prepare(
    'SELECT epoch, name, kind, value FROM trial_metrics WHERE trial_id = ? AND name = ? AND epoch >= ? ORDER BY epoch',
  );
  return {
    recentValues: (trialId, metric, most) =>
      (recent.all(trialId, metric, most) as MetricRow[]).map(fromStored).toReversed(),
    epochsOf: (trialId, fromEpoch) => {
      const metrics = new Map(
        byEpoch(ofTrial.all(trialId, fromEpoch) as MetricRow[]).map((row) => [
          row.epoch,
          row.metrics,
        ]),
      );
      return (rates.all(trialId, fromEpoch) as RatesRow[]).map((row) => ({
        ...row,
        metrics: metrics.get(row.epoch) ?? {},
      }));
    },
    valuesFrom: (trialId, metric, fromEpoch) =>
      (values.all(trialId, metric, fromEpoch) as MetricRow[]).map((row) => ({
        epoch: row.epoch,
        value: fromStored(row),
      })),
    record: (trialId) =>
      readTrialRecord(
        <T>(sql: string, ...args: readonly (string | number)[]) =>
          db.prepare(sql).all(...args) as T[],
        trialId,
      ),
  };
}
