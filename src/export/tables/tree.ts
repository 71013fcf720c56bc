// The tables `stages` and `attempts`: the views of these names, for one sweep.

import type { RawRow, Snapshot } from '../snapshot.ts';
import { type Cell, type Column, columnsOf, type Table } from './table.ts';

/** The stage tree of a sweep, parents before their children. */
export function stagesTable(snapshot: Snapshot): Table {
  const columns = [
    ...columnsOf('text', 'stage_id sweep_id parent_id root_id'),
    ...columnsOf('integer', 'from_epoch until_epoch'),
    ...columnsOf('text', 'state'),
    ...columnsOf('integer', 'attempt recorded_epochs repeated_epochs'),
    ...columnsOf('boolean', 'reproducible'),
    ...columnsOf('integer', 'steps_per_epoch'),
    ...columnsOf('text', 'numerics'),
    ...columnsOf('integer', 'failures losses members'),
  ];
  return tableOf('stages', columns, () => snapshot.rows('stages', 'from_epoch, stage_id'));
}

/** What was executed of a sweep, in the order in which it was granted. */
export function attemptsTable(snapshot: Snapshot): Table {
  const columns = [
    ...columnsOf('text', 'stage_id sweep_id'),
    ...columnsOf('integer', 'attempt'),
    ...columnsOf('text', 'agent agent_id slot backend'),
    ...columnsOf('integer', 'granted_ms ended_ms'),
    ...columnsOf('real', 'seconds'),
    ...columnsOf('text', 'end message start_stage_id'),
    ...columnsOf('integer', 'start_epoch recorded_epochs'),
  ];
  return tableOf('attempts', columns, () =>
    snapshot.rows('attempts', 'granted_ms, stage_id, attempt'),
  );
}

function tableOf(
  name: Table['name'],
  columns: readonly Column[],
  rows: () => Iterable<RawRow>,
): Table {
  return {
    name,
    columns,
    *rows() {
      for (const row of rows()) yield columns.map((column) => toCell(column, row));
    },
  };
}

function toCell({ name, kind }: Column, row: RawRow): Cell {
  const value = row[name] ?? null;
  return kind === 'boolean' && value !== null ? value === 1 : value;
}
