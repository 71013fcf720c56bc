// The epochs of a trial with their metrics, read side by side. Promise: a page of epochs is held at a time, however many there are.

import {
  type LearningRateRow,
  type MetricRow,
  readMetrics,
  readRates,
} from '../results/read-history.ts';
import type { Snapshot } from './snapshot.ts';

/** An epoch and its metrics by name. */
export type Epoch = LearningRateRow & { readonly metrics: ReadonlyMap<string, number> };

/** A trial's epochs in their order. */
export function* epochsOf({ all }: Snapshot, trialId: string): IterableIterator<Epoch> {
  const metrics = readMetrics(all, trialId);
  let next = metrics.next();
  for (const row of readRates(all, trialId)) {
    const found = new Map<string, number>();
    for (; !isAfter(next, row.epoch); next = metrics.next())
      found.set(next.value.name, next.value.value);
    yield { ...row, metrics: found };
  }
}

function isAfter(
  next: IteratorResult<MetricRow>,
  epoch: number,
): next is IteratorReturnResult<unknown> {
  return next.done === true || next.value.epoch > epoch;
}

/** Names of all metrics that a sweep's epochs have, by the alphabet. */
export function metricNames({ all, sweep }: Snapshot): readonly string[] {
  const rows = all<{ name: string }>(
    'SELECT DISTINCT m.name FROM metric m JOIN stage g USING (stage_id) WHERE g.sweep_id = ? ORDER BY m.name',
    sweep.sweep_id,
  );
  return rows.map((row) => row.name);
}
