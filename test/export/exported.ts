// Exports for tests, and the programs that read them.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { exportSweep, type Exported, type Order } from '../../src/export/export-sweep.ts';
import { temporaryFolder } from '../support/folder.ts';

const PYTHON = '/usr/bin/python3';

/** Exports sweep `digits` of a database into a new place; what was written and where. */
export async function exported(
  database: string,
  format: Order['format'],
  change: Partial<Order> = {},
): Promise<Exported & { readonly target: string }> {
  const target = change.target ?? join(temporaryFolder(), 'exported');
  const order = {
    database,
    sweepId: 'digits',
    format,
    force: false,
    steps: true,
    release: '3.1',
    version: '1.2.3',
  } as const;
  const done = await exportSweep({ ...order, target, ...change }, new AbortController().signal);
  return { ...done, target };
}

/** A connection to DuckDB, in memory: rows of a query, integers as numbers. */
export async function duckdb(): Promise<(sql: string) => Promise<readonly Row[]>> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  onTestFinished(() => {
    connection.closeSync();
    instance.closeSync();
  });
  return async (sql) => {
    const reader = await connection.runAndReadAll(sql);
    return reader
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(toPlain)));
  };
}

/** A row of DuckDB's. */
export type Row = Readonly<Record<string, unknown>>;

function toPlain([name, value]: [string, unknown]): [string, unknown] {
  return [name, typeof value === 'bigint' ? Number(value) : value];
}

/** Runs a script with Debian's Optuna; what it prints as JSON. */
export function withOptuna(script: string, ...args: readonly string[]): unknown {
  if (!existsSync(PYTHON)) throw new Error(`${PYTHON} is missing: apt-get install python3-optuna`);
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', script, ...args], {
    encoding: 'utf8',
  });
  if (stderr.includes("No module named 'optuna'"))
    throw new Error('Optuna is missing: apt-get install python3-optuna');
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
