// Rows of metrics, which have one value each, as epochs with their metrics.

import type { NumberKind } from './number.ts';
import { fromStored } from './number.ts';
import type { RecordedEpoch } from './store.ts';

/** One metric of one epoch. */
export type MetricRow = { epoch: number; name: string; kind: NumberKind; value: number | null };

/** Their epochs, in the order in which they come first. */
export function byEpoch(rows: readonly MetricRow[]): readonly RecordedEpoch[] {
  const epochs = new Map<number, [string, number][]>();
  for (const row of rows) {
    const entry: [string, number] = [row.name, fromStored(row)];
    const entries = epochs.get(row.epoch);
    if (entries === undefined) epochs.set(row.epoch, [entry]);
    else entries.push(entry);
  }
  return [...epochs].map(([epoch, entries]) => ({ epoch, metrics: Object.fromEntries(entries) }));
}
