// The tables `epochs`, a row for each epoch of each trial with a column for each metric, and `steps`, a row for each of its steps.

import { readStepRates } from '../../results/read-history.ts';
import { epochsOf, metricNames } from '../epochs-of.ts';
import type { Snapshot } from '../snapshot.ts';
import { columnsOf, type Table } from './table.ts';

/** The epochs of a sweep's trials; metric `val_loss` is column `metric.val_loss`. */
export function epochsTable(snapshot: Snapshot): Table {
  const metrics = metricNames(snapshot);
  return {
    name: 'epochs',
    columns: [
      ...columnsOf('text', 'trial_id'),
      ...columnsOf('integer', 'number epoch steps'),
      ...columnsOf('real', 'first last least greatest applied seconds'),
      ...columnsOf('text', 'stage_id'),
      ...columnsOf('integer', 'attempt recorded_ms'),
      ...metrics.map((name) => ({ name: `metric.${name}`, kind: 'real' as const })),
    ],
    *rows() {
      for (const { trial_id: id, number } of snapshot.trials())
        for (const row of epochsOf(snapshot, id))
          yield [
            ...[id, number, row.epoch, row.steps],
            ...[row.first, row.last, row.least, row.greatest, row.applied, row.seconds],
            ...[row.stage_id, row.attempt, row.recorded_ms],
            ...metrics.map((name) => row.metrics.get(name) ?? null),
          ];
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
