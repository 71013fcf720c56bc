// `espalier export`: a sweep for other programs, as tables, as runs of TensorBoard, or as a study of Optuna.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { EspalierError } from '../domain/errors.ts';
import { FORMATS, type Format } from '../export/formats.ts';
import { type Release, RELEASES } from '../export/optuna/schema.ts';
import { type TableName, TABLES } from '../export/tables/table.ts';
import { statePaths } from '../storage/state-folder.ts';
import { toInterruption } from './backup.ts';
import { quote } from './hint.ts';
import type { StateOption } from './options.ts';
import { databaseOption, jsonOption, stateOption, withExample } from './options.ts';
import { note, print, printJson } from './output.ts';
import { ProgressLine } from './progress-line.ts';

type Options = StateOption & {
  readonly db?: string;
  readonly to: Format;
  readonly out: string;
  readonly table?: TableName;
  readonly steps?: true;
  readonly optuna: Release;
  readonly force?: true;
  readonly json?: true;
};

/** Adds the command. */
export function addExportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write a sweep for other programs: tables (csv, jsonl, parquet), runs of TensorBoard, a study of Optuna',
    )
    .argument('<sweep>', 'its name')
    .addOption(new Option('--to <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .requiredOption('-o, --out <file>', 'the new folder; for optuna and with --table the new file')
    .addOption(
      new Option('--table <name>', 'this table alone, as one file (csv, jsonl, parquet)').choices(
        TABLES,
      ),
    )
    .option('--steps', 'the learning rate of every step too (csv, jsonl, parquet)')
    .addOption(
      new Option('--optuna <release>', 'the oldest release of Optuna that is to read a study')
        .choices(RELEASES)
        .default('3.1'),
    )
    .option('--force', 'replace an earlier export')
    .addOption(databaseOption())
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    'espalier export digits --to parquet -o digits',
    'espalier export digits --to csv --table epochs -o epochs.csv',
    'espalier export digits --to tensorboard -o runs/digits   # tensorboard --logdir runs/digits',
    'espalier export digits --to optuna -o digits.optuna.db',
  );
}

async function run(sweepId: string, options: Options): Promise<void> {
  assertSense(options);
  const { exportSweep } = await import('../export/export-sweep.ts');
  const { db, state, to: format, out, table, steps, force, optuna: release, json } = options;
  const order = {
    database: db ?? statePaths(state).database,
    sweepId,
    format,
    target: resolve(out),
    force: force ?? false,
    steps: steps ?? false,
    release,
    version: readVersion(),
    ...(table !== undefined && { table }),
  };
  const line = new ProgressLine();
  const signal = toInterruption();
  try {
    const exported = await exportSweep(order, signal, (what, rows) =>
      line.show(`${what}: ${rows}`),
    );
    line.clear();
    if (json) return printJson({ path: order.target, ...exported });
    const parts = Object.entries(exported.rows).map(([what, count]) => `${count} ${what}`);
    print(`${out}: ${parts.join(', ')}`);
    hint(options);
  } finally {
    line.clear();
  }
}

function assertSense({ to, table, steps }: Options): void {
  const isOfTables = to === 'csv' || to === 'jsonl' || to === 'parquet';
  if (!isOfTables && (table !== undefined || steps === true))
    throw new EspalierError(
      'usage',
      `--table and --steps are for csv, jsonl and parquet, not for ${to}`,
    );
}

/** What to do with it, where that is not plain. */
function hint({ to, out, optuna }: Options): void {
  if (to === 'tensorboard') note(`look at it with: tensorboard --logdir ${quote(out)}`);
  if (to === 'optuna' && optuna === '3.1')
    note(
      'Optuna 3.2 and later read it after "optuna storage upgrade"; --optuna 3.2 writes it for them alone',
    );
}

function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}
