// The stage tree as it grows: which trials share which epochs; only the rows on the screen are drawn, however many there are.

import { inTone, span, type Line } from '../frame/line.ts';
import { formatCount, plural } from '../frame/number.ts';
import { hasDetail, listRows } from '../layout.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { openTrial } from '../select.ts';
import { detailLine } from '../tree/detail-line.ts';
import { leaderOf, leadersAmong, stageOf } from '../tree/leader.ts';
import { headingLine, rowLine, shapeFor } from '../tree/row-line.ts';
import { moveInTree, selectedRow } from '../tree/select-row.ts';

/** The pane of the stage tree. */
export const tree: Pane = {
  id: 'tree',
  title: 'Tree',
  keys: [
    ['Enter', 'leading trial'],
    ['↑ ↓', 'select'],
    ['Esc', 'back'],
  ],
  draw,
  press,
  status,
};

function press(model: Model, key: string): Step | undefined {
  switch (key) {
    case 'enter':
    case 'right':
    case 'l':
      return openLeader(model);
    case 'escape':
    case 'left':
    case 'h':
      return change(model, { pane: 'overview' });
    default:
      return moveInTree(model, key);
  }
}

function openLeader(model: Model): Step {
  const row = selectedRow(model);
  if (row === undefined) return change(model, {});
  const number = leaderOf(stageOf(row));
  const leader = leadersAmong(model, new Set([number])).get(number);
  return leader === undefined
    ? change(model, { notice: `trial #${number} is not known yet` })
    : openTrial(model, leader.trialId);
}

function status({ tree: rows, treeTop, size }: Model): string {
  const stages = rows.reduce((sum, row) => sum + (row.kind === 'stage' ? 1 : 0), 0);
  const height = listRows(size);
  const last = Math.min(rows.length, treeTop + height);
  const range = `${formatCount(treeTop + 1)}–${formatCount(last)} of ${formatCount(rows.length)}`;
  return rows.length <= height ? plural(stages, 'stage') : `${range} · ${plural(stages, 'stage')}`;
}

function draw(model: Model, { columns, rows }: Size): readonly Line[] {
  if (model.tree.length === 0) return [[], [span(' No stages yet.', 'dim')]];
  const height = Math.min(rows - 1, listRows(model.size));
  const shown = model.tree.slice(model.treeTop, model.treeTop + height);
  const leaders = leadersAmong(model, new Set(shown.map((row) => leaderOf(stageOf(row)))));
  const shape = shapeFor(model.tree, columns);
  const list = shown.map((row) => {
    const line = rowLine(row, leaders.get(leaderOf(stageOf(row))), shape);
    return row.key === model.treeKey
      ? inTone([span('▸ '), ...line], 'chosen', columns)
      : [span('  '), ...line];
  });
  const heading = headingLine(shape);
  if (!hasDetail(model.size)) return [heading, ...list];
  const filled = [...list, ...Array.from({ length: rows - 2 - list.length }, () => [])];
  return [heading, ...filled, detailLine(model)];
}
