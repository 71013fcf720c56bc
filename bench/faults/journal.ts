// What the trials' own processes have trained, held against what the database has.
// Promise: an epoch that is on record was trained, and no oftener than it was trained; once the sweep is over, whatever was trained
// is on record. Neither the agents' word nor the coordinator's is taken for it.

import { existsSync, readFileSync } from 'node:fs';
import { groupBy } from '../../src/domain/group-by.ts';
import type { JsonMetrics, JsonNumber } from '../../src/domain/json-number.ts';
import type { Results } from '../../src/results/open-results.ts';

/** What `trial-process.ts` writes of an epoch: the answer to the agent. */
type Trained = {
  readonly epoch: number;
  readonly steps: number;
  readonly learning_rate: JsonNumber;
  readonly metrics: JsonMetrics;
};

/** Counts of epochs, and words for those that are wrong. */
export type JournalAccount = {
  readonly trained: number;
  /** Trained, and not on record with these numbers. */
  readonly unrecorded: readonly string[];
  /** On record oftener than they were trained. */
  readonly untrained: readonly string[];
};

/** Epochs by their numbers, which no two trainings that differ have in common. */
type Counts = ReadonlyMap<string, readonly unknown[]>;

const METRICS = `
  SELECT stage_id, epoch, name,
    CASE kind WHEN 'nan' THEN 'NaN' WHEN '+inf' THEN 'Infinity' WHEN '-inf' THEN '-Infinity' ELSE value END
  FROM metric ORDER BY name`;

/** Holds one against the other. Equal numbers are equal bits. */
export function toJournalAccount(journal: string, results: Results): JournalAccount {
  const trained = groupBy(readJournal(journal).map(toKey), (key) => key);
  const recorded = groupBy(readRecorded(results), (key) => key);
  return {
    trained: countAll(trained),
    unrecorded: findMore(trained, recorded, (_, there) => there === 0),
    untrained: findMore(recorded, trained, (here, there) => here > there),
  };
}

function findMore(
  here: Counts,
  there: Counts,
  isWrong: (here: number, there: number) => boolean,
): readonly string[] {
  return [...here].flatMap(([key, same]) => {
    const other = there.get(key)?.length ?? 0;
    return isWrong(same.length, other) ? [`epoch ${key}: ${same.length} here, ${other} there`] : [];
  });
}

function readJournal(path: string): readonly Trained[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): Trained => JSON.parse(line));
}

function toKey({ epoch, steps, learning_rate: rate, metrics }: Trained): string {
  const named = Object.entries(metrics).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [epoch, steps, rate, ...named.flat()].join(' ');
}

function readRecorded(results: Results): readonly string[] {
  const metrics = groupBy(
    results.query(METRICS).rows,
    ([id, epoch]) => `${String(id)} ${String(epoch)}`,
  );
  const { rows } = results.query('SELECT stage_id, epoch, steps, lr_applied FROM epoch');
  return rows.map(([id, epoch, ...values]) => {
    const named = metrics.get(`${String(id)} ${String(epoch)}`) ?? [];
    return [epoch, ...values, ...named.flatMap((row) => row.slice(2))].join(' ');
  });
}

function countAll(counts: Counts): number {
  return [...counts.values()].reduce((sum, same) => sum + same.length, 0);
}
