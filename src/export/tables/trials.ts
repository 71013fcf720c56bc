// The table `trials`: a row a trial, with a column for each hyperparameter, what it came to, and when.

import { toHyperparameters } from '../../results/hyperparameters.ts';
import { type Domain, readDomains, valueIn } from '../hyperparameter-domains.ts';
import type { Snapshot, SnapshotTrial, SweepHead } from '../snapshot.ts';
import { type Cell, cellsOf, columnsOf, type Table } from './table.ts';

const BEFORE = [
  ...columnsOf('text', 'trial_id sweep_id'),
  ...columnsOf('integer', 'number'),
  ...columnsOf('text', 'state'),
  ...columnsOf('integer', 'rank'),
  ...columnsOf('text', 'metric mode'),
  ...columnsOf('real', 'value best_value'),
  ...columnsOf('integer', 'best_epoch'),
  ...columnsOf('real', 'last_value learning_rate'),
  ...columnsOf('integer', 'epochs epochs_done seed'),
  ...columnsOf('text', 'strategy_label config_label'),
];
const AFTER = [...columnsOf('integer', 'started_ms ended_ms'), ...columnsOf('text', 'message')];

/** The trials of a sweep, by number. */
export function trialsTable(snapshot: Snapshot): Table {
  const domains = readDomains(snapshot);
  return {
    name: 'trials',
    columns: [...BEFORE, ...domains.map(({ name, kind }) => ({ name, kind })), ...AFTER],
    *rows() {
      for (const trial of snapshot.trials()) yield toRow(snapshot.sweep, trial, domains);
    },
  };
}

function toRow(
  { sweep_id, metric, mode, at }: SweepHead,
  trial: SnapshotTrial,
  domains: readonly Domain[],
): readonly Cell[] {
  const last = lastOf(trial);
  const value = at === 'best' ? trial.best_value : last;
  const record = { ...trial, sweep_id, metric, mode, value, last_value: last };
  const values = toHyperparameters(trial);
  const held = domains.map((domain) => valueIn(domain, values));
  return [...cellsOf(BEFORE, record), ...held, ...cellsOf(AFTER, record)];
}

/** The latest value of the objective, NaN and infinities as they were reported; null before there is one. */
export function lastOf({ last_kind: kind, last_value: value }: SnapshotTrial): number | null {
  switch (kind) {
    case 'nan':
      return Number.NaN;
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    case 'finite':
    case null:
      return value;
  }
}
