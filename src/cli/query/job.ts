// What a query's process is told, and what it tells.

import type { ErrorCode } from '../../domain/errors.ts';
import type { Parameters } from '../../results/value.ts';
import type { Format } from './write-answer.ts';

/** A query to run; read from standard input. The answer goes to standard output. */
export type Job = {
  /** The database's file. */
  readonly database: string;
  readonly sql: string;
  readonly parameters: Parameters;
  readonly format: Format;
  /** The most rows of a table. */
  readonly most: number;
};

/** How it ended; written to standard error. */
export type Outcome =
  | { readonly kind: 'done'; readonly isCut: boolean }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
