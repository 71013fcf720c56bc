// Tables as Parquet (hyparquet-writer). Promise: a group of rows is held at a time; NaN, infinities and the sign of a zero are kept,
// what is not there is null.

import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { inPages, type Tick } from './pages.ts';
import { sync } from './sync.ts';
import type { Cell, Column, Table } from './tables/table.ts';

/** So many cells make a group of rows, whatever the number of columns. */
const [CELLS_OF_A_GROUP, ROWS_LEAST, ROWS_MOST] = [400_000, 1000, 50_000];

const TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
} as const;

/** Writes a file. Returns the number of rows. */
export async function writeParquet(table: Table, path: string, tick: Tick): Promise<number> {
  const { columns } = table;
  const parquet = new ParquetWriter({
    writer: fileWriter(path),
    schema: [
      { name: table.name, num_children: columns.length },
      ...columns.map(({ name, kind }) => ({
        name,
        repetition_type: 'OPTIONAL' as const,
        ...TYPES[kind],
      })),
    ],
    createdBy: 'espalier',
  });
  const count = await inPages(table.rows(), rowsOfAGroup(columns.length), tick, (rows) => {
    const columnData = columns.map((column, i) => ({
      name: column.name,
      data: rows.map((row) => toValue(column, row[i] ?? null)),
    }));
    void parquet.write({ columnData, rowGroupSize: rows.length });
  });
  void parquet.finish();
  sync(path);
  return count;
}

function rowsOfAGroup(columns: number): number {
  return Math.max(ROWS_LEAST, Math.min(ROWS_MOST, Math.floor(CELLS_OF_A_GROUP / columns)));
}

function toValue({ kind }: Column, cell: Cell): Cell | bigint {
  return kind === 'integer' && typeof cell === 'number' ? BigInt(cell) : cell;
}
