// A stage on the axis of epochs, with the lines that join it to the stage that it goes on from.
// Promise: exactly as wide as asked for; epoch `n` stretches from column `n` to column `n + 1` of the scale, and a stage of
// which anything is recorded shows at least one column.

import type { StageView } from '../../../wire/generated/espalier/v1/sweep.ts';
import type { StageRow } from '../../tree/tree-rows.ts';
import { ticksTo } from './axis.ts';
import { span, type Line, type Tone } from '../line.ts';

/** Epochs of the whole axis, and the columns that it takes with the one before it, in which roots are joined. */
export type StageScale = { readonly epochs: number; readonly columns: number };

const DONE = { shared: '█', alone: '━' };
const LEFT = { shared: '░', alone: '┄' };

/** The bar of one row: thick while several trials share the stage, thin where one trains alone. */
export function stageBar(row: StageRow, scale: StageScale, tone: Tone): Line {
  const { stage } = row;
  const { from, recorded, until } = columnsOf(stage, scale);
  const kind = stage.members > 1 ? 'shared' : 'alone';
  return [
    span(joints(row, from, scale), 'dim'),
    span(DONE[kind].repeat(recorded - from), tone),
    span(LEFT[kind].repeat(until - recorded), 'dim'),
    span(' '.repeat(scale.columns - until)),
  ];
}

/** Numbers of epochs at the columns where they begin. */
export function epochTicks({ epochs, columns }: StageScale): string {
  let text = '';
  for (const tick of ticksTo(epochs, Math.max(2, Math.floor(columns / 8)))) {
    const column = columnOf(tick, { epochs, columns });
    if (column >= text.length && column < columns) text = text.padEnd(column) + String(tick);
  }
  return text;
}

function columnsOf(
  { fromEpoch, recordedEpochs, untilEpoch, state }: StageView,
  scale: StageScale,
): { readonly from: number; readonly recorded: number; readonly until: number } {
  const last = scale.columns - 1;
  const reached = fromEpoch + recordedEpochs;
  const from = Math.min(columnOf(fromEpoch, scale), last);
  const recorded = Math.max(from + (recordedEpochs > 0 ? 1 : 0), columnOf(reached, scale));
  const until = state === 'ended' ? 0 : Math.max(from + 1, columnOf(untilEpoch, scale));
  return { from, recorded, until: Math.max(recorded, until) };
}

// The line to the parent's last column is drawn in it, one before the bar.
function joints(row: StageRow, from: number, scale: StageScale): string {
  const cells = Array.from({ length: from }, () => ' ');
  const at = (epoch: number): number => columnOf(epoch, scale) - 1;
  for (let rail = row.rails; rail !== undefined; rail = rail.outer) {
    if (at(rail.epoch) < from) cells[at(rail.epoch)] = '│';
  }
  const goesOn = row.rails?.epoch === row.stage.fromEpoch;
  if (row.isJoined && from > 0) cells[from - 1] = goesOn ? '├' : '└';
  return cells.join('');
}

function columnOf(epoch: number, { epochs, columns }: StageScale): number {
  const share = Math.min(1, Math.max(0, epoch / Math.max(1, epochs)));
  return 1 + Math.round(share * (columns - 1));
}
