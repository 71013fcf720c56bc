// A record that no training has made: the numbers and names that files of other programs are most likely to get wrong.

import Database from 'better-sqlite3';
import { statePaths } from '../../src/storage/state-folder.ts';
import { digitsState } from '../results/digits-results.ts';

/** Names of metrics, one of 300 characters and one that ends cells, lines and quotes. */
export const LONG_NAME = `é${'long '.repeat(60)}`.slice(0, 300);
export const ODD_NAME = `a,"b"\n'c'\t\u{1F333}.metric`;

/** What metrics of trial 4 are in its first epochs. */
export const NUMBERS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0.1,
  5e-324,
  1.7976931348623157e308,
  0,
  -1,
  2 ** 53,
  1e21,
  123456789.12345679,
  -2.2250738585072014e-308,
] as const;

/** Rates of the 45 steps of the first epoch of trial 16: float32 values, among them a negative zero. */
export const STEP_RATES = Float32Array.from({ length: 45 }, (_, i) => (i === 0 ? -0 : i / 8));

const KINDS: Readonly<Record<string, string>> = {
  NaN: 'nan',
  Infinity: '+inf',
  '-Infinity': '-inf',
};

/** The message of trial 2. */
export const ODD_MESSAGE = 'said "no",\r\n=SUM(A1:A9)\u001B[31m; \u0000 and 木';

/** The recorded digits with all of this in it; the path of the database. */
export function hostileDatabase(): string {
  const { database } = statePaths(digitsState());
  const db = new Database(database);
  db.transaction(() => {
    const insert = db.prepare('INSERT OR REPLACE INTO metric VALUES (?, ?, ?, ?, ?)');
    for (const name of [LONG_NAME, ODD_NAME, 'val_loss'])
      for (const [epoch, value] of NUMBERS.entries()) {
        const kind = KINDS[String(value)] ?? 'finite';
        insert.run('digits/4@0', epoch, name, kind, kind === 'finite' ? value : null);
      }
    db.prepare('UPDATE trial SET message = ?, strategy_label = ? WHERE number = 2').run(
      ODD_MESSAGE,
      `${'../'.repeat(200)}\n`,
    );
    db.prepare(
      "UPDATE trial SET last_kind = 'nan', last_value = NULL WHERE trial_id = 'digits/1'",
    ).run();
    db.prepare(
      "DELETE FROM learning_rate_series WHERE stage_id = 'digits/16@0' AND epoch = 0",
    ).run();
    const { attempt } = db
      .prepare("SELECT attempt FROM epoch WHERE stage_id = 'digits/16@0' AND epoch = 0")
      .get() as { attempt: number };
    db.prepare("INSERT INTO learning_rate_series VALUES ('digits/16@0', 0, ?, 0, ?)").run(
      attempt,
      Buffer.from(STEP_RATES.buffer),
    );
  })();
  db.close();
  return database;
}
