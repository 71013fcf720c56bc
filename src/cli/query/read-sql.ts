// Where the SQL of a query comes from: the command line, a file, or standard input.

import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { EspalierError, reasonOf } from '../../domain/errors.ts';

/** The SQL. @throws EspalierError `usage` where none is given or twice, `not-found` for a file that cannot be read */
export async function readSql(sql: string | undefined, file: string | undefined): Promise<string> {
  if (sql !== undefined && file !== undefined)
    throw new EspalierError('usage', 'give the SQL or --file, not both');
  if (file !== undefined && file !== '-') return readFrom(file);
  if (sql !== undefined && sql !== '-') return sql;
  if (process.stdin.isTTY && sql === undefined && file === undefined)
    throw new EspalierError('usage', 'give the SQL, --file FILE, or - for standard input');
  return text(process.stdin);
}

function readFrom(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new EspalierError('not-found', `cannot read the SQL: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
