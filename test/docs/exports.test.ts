// docs/exports.md: its columns are those that are written, and its examples print what it says. UPDATE=1 writes that anew.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test } from 'vitest';
import { toTable, type Cell } from '../../src/cli/output.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { exported } from '../export/exported.ts';
import { digitsState } from '../results/digits-results.ts';

const PAGE = join(import.meta.dirname, '../../docs/exports.md');
const page = (): string => readFileSync(PAGE, 'utf8');

/** The example in a language, and what is printed below it. */
function example(language: string): { readonly code: string; readonly printed: string } {
  const pattern = new RegExp(
    `\`\`\`${language}\\n([\\s\\S]*?)\`\`\`\\n\\n\`\`\`text\\n([\\s\\S]*?)\`\`\``,
  );
  const [, code = '', printed = ''] = pattern.exec(page()) ?? [];
  return { code, printed };
}

/** Compares, or writes the page. */
function compare(language: string, output: string): void {
  const { code, printed } = example(language);
  expect(output.split('\n').length).toBeGreaterThan(4);
  if (process.env['UPDATE'] === undefined) return expect(output).toBe(printed);
  const before = `${code}\`\`\`\n\n\`\`\`text\n`;
  writeFileSync(
    PAGE,
    page().replace(`${before}${printed}\`\`\``, () => `${before}${output}\`\`\``),
  );
}

const database = (): string => statePaths(digitsState()).database;

test('the columns of every table are documented, and no others', async () => {
  const { target } = await exported(database(), 'jsonl');
  let tables = 0;
  for (const [, table = '', documented = ''] of page().matchAll(
    /^\| `(\w+)` \| an? [^|]+ \| (.*) \|$/gm,
  )) {
    tables += 1;
    const [first = '{}'] = readFileSync(join(target, `${table}.jsonl`), 'utf8').split('\n');
    // A name with a dot is that of a hyperparameter or of a metric.
    const names = Object.keys(JSON.parse(first) as object).filter((name) => !name.includes('.'));
    expect(
      [...documented.matchAll(/`(\w+)`/g)].map(([, name]) => name),
      table,
    ).toEqual(names);
  }
  expect(tables).toBe(5);
});

test('the example for DuckDB', async () => {
  const { target } = await exported(database(), 'parquet');
  const instance = await DuckDBInstance.create(':memory:');
  onTestFinished(() => instance.closeSync());
  const connection = await instance.connect();
  onTestFinished(() => connection.closeSync());
  await connection.run(`SET file_search_path = '${target}'`);
  const reader = await connection.runAndReadAll(example('sql').code);
  const rows = reader
    .getRows()
    .map((row) => row.map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell) as Cell));
  compare('sql', `${toTable(reader.columnNames(), rows).join('\n')}\n`);
});

test('the example for Optuna', async () => {
  const { target } = await exported(database(), 'optuna', { steps: false });
  const script = example('python').code.replace('sqlite:///digits.db', () => `sqlite:///${target}`);
  compare('python', execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' }));
});
