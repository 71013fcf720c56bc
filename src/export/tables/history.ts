// The tables `epochs`, a row for each epoch of each trial with a column for each metric, and `steps`, a row for each of its steps.

import { readStepRates } from '../../results/read-history.ts';
import { epochsOf, metricNames } from '../epochs-of.ts';
import type { Snapshot } from '../snapshot.ts';
import { cellsOf, columnsOf, type Table } from './table.ts';

const OF_EPOCHS = [
  ...columnsOf('text', 'trial_id'),
  ...columnsOf('integer', 'number epoch steps'),
  ...columnsOf('real', 'first last least greatest applied seconds'),
  ...columnsOf('text', 'stage_id'),
  ...columnsOf('integer', 'attempt recorded_ms'),
];

/** The epochs of a sweep's trials; metric `val_loss` is column `metric.val_loss`. */
export function epochsTable(snapshot: Snapshot): Table {
  const metrics = metricNames(snapshot);
  const ofMetrics = metrics.map((name) => ({ name: `metric.${name}`, kind: 'real' as const }));
  return {
    name: 'epochs',
    columns: [...OF_EPOCHS, ...ofMetrics],
    *rows() {
      for (const { trial_id: id, number } of snapshot.trials())
        for (const row of epochsOf(snapshot, id)) {
          const values = metrics.map((name) => row.metrics.get(name) ?? null);
          yield [...cellsOf(OF_EPOCHS, { ...row, number }), ...values];
        }
    },
  };
}

/** The learning rate of every step of a sweep's trials; `step` counts from 0 from the start of its epoch. */
export function stepsTable(snapshot: Snapshot): Table {
  return {
    name: 'steps',
    columns: [
      ...columnsOf('text', 'trial_id'),
      ...columnsOf('integer', 'number epoch step'),
      ...columnsOf('real', 'learning_rate'),
    ],
    *rows() {
      for (const { trial_id: id, number } of snapshot.trials())
        for (const { epoch, rates } of readStepRates(snapshot.all, id))
          for (const [step, rate] of rates.entries()) yield [id, number, epoch, step, rate];
    },
  };
}
