// The table `trials`: a row a trial, with a column for each hyperparameter, what it came to, and when.

import { toHyperparameters } from '../../results/hyperparameters.ts';
import { type Domain, readDomains, valueIn } from '../hyperparameter-domains.ts';
import type { Snapshot, SnapshotTrial, SweepHead } from '../snapshot.ts';
import { type Cell, columnsOf, type Table } from './table.ts';

/** The trials of a sweep, by number. */
export function trialsTable(snapshot: Snapshot): Table {
  const domains = readDomains(snapshot);
  return {
    name: 'trials',
    columns: [
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
      ...domains.map(({ name, kind }) => ({ name, kind })),
      ...columnsOf('integer', 'started_ms ended_ms'),
      ...columnsOf('text', 'message'),
    ],
    *rows() {
      for (const trial of snapshot.trials()) yield toRow(snapshot.sweep, trial, domains);
    },
  };
}

function toRow(
  sweep: SweepHead,
  trial: SnapshotTrial,
  domains: readonly Domain[],
): readonly Cell[] {
  const values = toHyperparameters(trial);
  const last = lastOf(trial);
  return [
    ...[trial.trial_id, sweep.sweep_id, trial.number, trial.state, trial.rank],
    ...[sweep.metric, sweep.mode],
    ...[sweep.at === 'best' ? trial.best_value : last, trial.best_value, trial.best_epoch],
    ...[last, trial.learning_rate, trial.epochs, trial.epochs_done, trial.seed],
    ...[trial.strategy_label, trial.config_label],
    ...domains.map((domain) => valueIn(domain, values)),
    ...[trial.started_ms, trial.ended_ms, trial.message],
  ];
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
    default:
      return value;
  }
}
