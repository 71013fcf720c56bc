// What every file of rows is made from: columns of one kind each, and rows that come as they are asked for.

import type { Kind } from '../hyperparameter-domains.ts';

/** A column; each of its cells is of its kind, or null. Integers are exact up to 2^53. */
export type Column = { readonly name: string; readonly kind: Kind };

/** What a cell can hold; NaN and infinities are numbers. */
export type Cell = string | number | boolean | null;

/** Rows under a name, with a cell for each column. */
export type Table = {
  readonly name: TableName;
  readonly columns: readonly Column[];
  rows(): Iterable<readonly Cell[]>;
};

/** The tables of an export. */
export const TABLES = ['trials', 'epochs', 'stages', 'attempts', 'steps'] as const;

/** A name of one of them. */
export type TableName = (typeof TABLES)[number];

/** Columns of a kind. */
export function columnsOf(kind: Kind, names: string): readonly Column[] {
  return names.split(' ').map((name) => ({ name, kind }));
}

/** The cells of some columns, by name. */
export function cellsOf(
  columns: readonly Column[],
  record: Readonly<Record<string, unknown>>,
): readonly Cell[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- records are rows of views, which hold cells
  return columns.map(({ name }) => (record[name] ?? null) as Cell);
}
