// `espalier query`: SQL against the results database, read-only.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { Answer, Value } from '../results/open-results.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { print, printExactly, printJson, toTable } from './output.ts';
import { withResults } from './with-results.ts';

type Options = StateOption & { readonly json?: true; readonly format: 'table' | 'csv' };

/** Adds the command. */
export function addQueryCommand(program: Command): void {
  const command = program
    .command('query')
    .description(
      'query the results: views trials, trial_metrics, learning_rates, leaderboard, stages, checkpoints',
    )
    .argument('<sql>')
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'csv']).default('table'),
    )
    .addOption(stateOption())
    .addOption(jsonOption().conflicts('format'))
    .action(run);
  withExample(
    command,
    `espalier query "SELECT strategy, max(value) FROM leaderboard GROUP BY strategy"`,
  );
}

async function run(sql: string, options: Options): Promise<void> {
  await withResults(options, (results) => {
    const answer = results.query(sql);
    if (options.json) return printJson(toRecords(answer));
    if (options.format === 'csv') return toCsvLines(answer).forEach(printExactly);
    return toTable(answer.columns, answer.rows).forEach(print);
  });
}

/** Rows as objects, as JSON has them. A column whose name is taken is called `name:1`, as SQLite does it in a view. */
export function toRecords({ columns, rows }: Answer): readonly Record<string, Cell>[] {
  const names: string[] = [];
  for (const column of columns) names.push(toFree(column, names));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], toCell(value)])));
}

function toFree(name: string, taken: readonly string[]): string {
  let free = name;
  for (let i = 1; taken.includes(free); i += 1) free = `${name}:${i}`;
  return free;
}

/** Lines of CSV (RFC 4180), the columns first; nothing for NULL. */
export function toCsvLines({ columns, rows }: Answer): readonly string[] {
  return [columns, ...rows].map((row) =>
    row.map((value) => toCsvCell(String(toCell(value) ?? ''))).join(','),
  );
}

function toCsvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Cell = Exclude<Value, Buffer>;

/** Bytes are written in hexadecimal digits. */
function toCell(value: Value): Cell {
  return value instanceof Uint8Array ? value.toString('hex') : value;
}
