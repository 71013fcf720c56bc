// `espalier query`: SQL against the results database, read-only.

import type { Command } from 'commander';
import { Option } from 'commander';
import type { Row } from '../results/open-results.ts';
import type { StateOption } from './options.ts';
import { jsonOption, stateOption, withExample } from './options.ts';
import { print, printJson, toTable } from './output.ts';
import { withResults } from './with-results.ts';

type Options = StateOption & { readonly json?: true; readonly format: 'table' | 'csv' | 'json' };

/** Adds the command. */
export function addQueryCommand(program: Command): void {
  const command = program
    .command('query')
    .description(
      'query the results: views trials, trial_metrics, learning_rates, leaderboard, stages',
    )
    .argument('<sql>')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'csv', 'json'])
        .default('table'),
    )
    .addOption(stateOption())
    .addOption(jsonOption())
    .action(run);
  withExample(
    command,
    `espalier query "SELECT strategy, max(value) FROM leaderboard GROUP BY strategy"`,
  );
}

async function run(sql: string, options: Options): Promise<void> {
  await withResults(options, (results) => {
    const { columns, rows } = results.query(sql);
    if (options.json || options.format === 'json') return printJson(rows);
    const cells = rows.map((row) => columns.map((column) => row[column] ?? null));
    const lines =
      options.format === 'csv' ? [columns, ...cells].map(toCsvLine) : toTable(columns, cells);
    for (const line of lines) print(line);
  });
}

function toCsvLine(cells: readonly Row[string][]): string {
  return cells
    .map((cell) =>
      cell === null ? '' : toCsvCell(cell instanceof Buffer ? cell.toString('hex') : String(cell)),
    )
    .join(',');
}

/** RFC 4180. */
function toCsvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
