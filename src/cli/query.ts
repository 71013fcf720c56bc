// `espalier query`: SQL against the results database, read-only and with a time limit.

import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Parameters } from '../results/value.ts';
import { statePaths } from '../storage/state-folder.ts';
import type { StateOption } from './options.ts';
import {
  databaseOption,
  jsonOption,
  seconds,
  stateOption,
  wholeNumber,
  withExample,
} from './options.ts';
import { note } from './output.ts';
import { addParameter } from './query/parameters.ts';
import { readSql } from './query/read-sql.ts';
import { type Format, FORMATS } from './query/write-answer.ts';

type Options = StateOption & {
  readonly db?: string;
  readonly file?: string;
  readonly param?: Parameters;
  readonly json?: true;
  readonly format: Format;
  readonly limit: number;
  readonly timeout: number;
};

const [ROWS, SECONDS] = [1000, 30];

/** Adds the command. */
export function addQueryCommand(program: Command): void {
  const command = program
    .command('query')
    .description(
      'query the results, read-only: views sweeps, trials, leaderboard, trial_metrics, learning_rates, epochs, cuts, stages, ' +
        'sharing, attempts, agents, hyperparameters, checkpoints, found_rates',
    )
    .argument('[sql]', 'one SELECT; - or nothing reads it from standard input')
    .option('--file <file>', 'read the SQL from a file')
    .option('--param <name=value>', 'a value for :name in the SQL; can be repeated', addParameter)
    .addOption(
      new Option('--format <format>', 'how to print, if not as JSON')
        .choices(FORMATS.filter((format) => format !== 'json'))
        .default('table'),
    )
    .addOption(jsonOption().conflicts('format'))
    .addOption(
      new Option('--limit <rows>', 'the most rows of a table')
        .argParser(wholeNumber(1))
        .default(ROWS),
    )
    .addOption(
      new Option('--timeout <seconds>', 'end the query after this time')
        .argParser(seconds)
        .default(SECONDS),
    )
    .addOption(databaseOption())
    .addOption(stateOption())
    .action(run);
  withExample(
    command,
    `espalier query "SELECT strategy, min(value) FROM leaderboard GROUP BY strategy"`,
    `espalier query --param trial=digits/30 --format csv "SELECT epoch, last FROM learning_rates WHERE trial_id = :trial"`,
    `espalier query --file question.sql --json`,
  );
}

async function run(given: string | undefined, options: Options): Promise<void> {
  const { runJob } = await import('./query/run-job.ts');
  const job = {
    database: options.db ?? statePaths(options.state).database,
    sql: await readSql(given, options.file),
    parameters: options.param ?? {},
    format: options.json ? ('json' as const) : options.format,
    most: options.limit,
  };
  const { file, isCut } = await runJob(job, options.timeout * 1000);
  const answer = createReadStream('', { fd: file, start: 0 });
  await pipeline(answer, process.stdout, { end: false });
  if (isCut)
    note(
      `the first ${options.limit} rows; --limit ROWS shows more, --format csv or --json gives all`,
    );
}
