// Writes a sweep for other programs, as it is at one moment. Promise: read-only, beside a coordinator that runs; the files have
// their names when all of them are whole; what is held in memory does not grow with the sweep.

import { EspalierError } from '../domain/errors.ts';
import type { Format } from './formats.ts';
import type { Release } from './optuna/schema.ts';
import { type Tick } from './pages.ts';
import { placing, type Shape } from './place.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { epochsTable, stepsTable } from './tables/history.ts';
import type { Table, TableName } from './tables/table.ts';
import { attemptsTable, stagesTable } from './tables/tree.ts';
import { trialsTable } from './tables/trials.ts';

/** What to write, and where. */
export type Order = {
  /** The database. */
  readonly database: string;
  readonly sweepId: string;
  readonly format: Format;
  /** The file or folder that is to be made. */
  readonly target: string;
  /** Whether an earlier export there is replaced. */
  readonly force: boolean;
  /** One table into one file, in place of a folder of them: csv, jsonl and parquet. */
  readonly table?: TableName;
  /** Whether the learning rates of all steps are among the tables. */
  readonly steps: boolean;
  /** Which releases of Optuna a study is for. */
  readonly release: Release;
  /** The release of Espalier. */
  readonly version: string;
};

/** What has been written: rows by table, or the number of runs or of a study's trials. */
export type Exported = {
  readonly espalier: string;
  readonly sweep: string;
  readonly format: Format;
  readonly rows: Readonly<Record<string, number>>;
};

/** Told how many rows of what there are so far. */
export type Progress = (what: string, rows: number) => void;

/**
 * Exports.
 * @throws EspalierError `not-found` without a database or without the sweep, `storage`, `conflict` if something stands at the
 *   target, `version` for a database of an earlier release, `interrupted`
 */
export async function exportSweep(
  order: Order,
  signal: AbortSignal,
  progress: Progress = () => undefined,
): Promise<Exported> {
  const { database, sweepId, format, target, force, version } = order;
  const snapshot = openSnapshot(database, sweepId);
  try {
    return await placing(target, shapeOf(order), force, async (partial) => {
      const rows = await write(order, snapshot, partial, (what) => toTick(what, signal, progress));
      return { espalier: version, sweep: sweepId, format, rows };
    });
  } finally {
    snapshot.close();
  }
}

/** What stands at the target in the end. */
export function shapeOf({ format, table }: Pick<Order, 'format' | 'table'>): Shape {
  return format === 'optuna' || table !== undefined ? 'file' : 'folder';
}

type Rows = Readonly<Record<string, number>>;

async function write(
  order: Order,
  snapshot: Snapshot,
  partial: string,
  tickOf: (what: string) => Tick,
): Promise<Rows> {
  if (order.format === 'optuna') {
    const { writeStudy } = await import('./optuna/write-study.ts');
    return { trials: await writeStudy(snapshot, partial, order.release, tickOf('trials')) };
  }
  if (order.format === 'tensorboard') {
    const { writeRuns } = await import('./tensorboard/write-runs.ts');
    return { runs: await writeRuns(snapshot, partial, tickOf('runs')) };
  }
  return writeTables(order, order.format, snapshot, partial, tickOf);
}

async function writeTables(
  { table: only, steps }: Order,
  format: keyof typeof WRITERS,
  snapshot: Snapshot,
  partial: string,
  tickOf: (what: string) => Tick,
): Promise<Rows> {
  const writeTable = await WRITERS[format]();
  const written: Record<string, number> = {};
  for (const [name, toTable] of Object.entries(TABLES)) {
    const isAsked = only === undefined ? name !== 'steps' || steps : name === only;
    if (!isAsked) continue;
    const path = only === undefined ? `${partial}/${name}.${format}` : partial;
    written[name] = await writeTable(toTable(snapshot), path, tickOf(name));
  }
  return written;
}

const TABLES: Readonly<Record<TableName, (snapshot: Snapshot) => Table>> = {
  trials: trialsTable,
  epochs: epochsTable,
  stages: stagesTable,
  attempts: attemptsTable,
  steps: stepsTable,
};

const WRITERS = {
  csv: async () => (await import('./write-text.ts')).writeCsv,
  jsonl: async () => (await import('./write-text.ts')).writeJsonLines,
  parquet: async () => (await import('./write-parquet.ts')).writeParquet,
} as const;

/** Counts, lets others run, and ends the work where a person asks for it. */
function toTick(what: string, signal: AbortSignal, progress: Progress): Tick {
  let count = 0;
  return async (rows) => {
    count += rows;
    progress(what, count);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new EspalierError('interrupted', 'interrupted: nothing was exported');
  };
}
