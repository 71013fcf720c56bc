// The stage tree as it grows: which trials share which epochs; only the rows on the screen are drawn, however many there are.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { StageView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { epochTicks, stageBar, type StageScale } from '../frame/chart/stage-bar.ts';
import { inTone, span, type Line } from '../frame/line.ts';
import { formatBytes, formatCount, formatValue, plural } from '../frame/number.ts';
import { shortNumbersIn } from '../frame/numbers.ts';
import { lookOf, type Look } from '../frame/state.ts';
import { fit } from '../frame/text.ts';
import { hasDetail, listRows } from '../layout.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { openTrial } from '../select.ts';
import { moveInTree, selectedRow } from '../tree/select-row.ts';
import type { StageRow, TreeRow } from '../tree/tree-rows.ts';

const BESIDE = 12;
const LEAST_CHART = 8;

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
  const shape = shapeFor(model, columns);
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

/** Widths of the parts of a row: trials, bar, and what stands beside it. */
type Shape = { readonly names: number; readonly scale: StageScale; readonly beside: number };

function shapeFor({ tree: rows }: Model, columns: number): Shape {
  const names = Math.min(34, Math.max(8, Math.floor(columns / 5)));
  const beside = columns < 70 ? 0 : columns < 110 ? BESIDE : 2 * BESIDE;
  const left = columns - 11 - names - (beside > 0 ? beside + 1 : 0);
  const epochs = rows.reduce((most, row) => Math.max(most, lastEpochOf(stageOf(row))), 1);
  return { names, beside, scale: { epochs, columns: left < LEAST_CHART ? 0 : left } };
}

function lastEpochOf({ fromEpoch, recordedEpochs, untilEpoch }: StageView): number {
  return Math.max(fromEpoch + recordedEpochs, untilEpoch);
}

function headingLine({ names, scale, beside }: Shape): Line {
  const chart = scale.columns === 0 ? '' : fit(epochTicks(scale), scale.columns);
  const epoch = scale.columns === 0 ? '' : 'epoch';
  const right = beside === 0 ? '' : ` ${fit('best', beside)}`;
  return [span(`   trials  ${fit(epoch, names, 'right')}${chart}${right}`, 'dim')];
}

function rowLine(row: TreeRow, leader: TrialView | undefined, shape: Shape): Line {
  if (row.kind === 'family') return familyLine(row, leader);
  const { stage } = row;
  const look = lookAt(row, leader);
  return [
    span(`${look.sign} `, look.tone),
    span(fit(String(stage.members), 5, 'right')),
    span(stage.reproducible ? '  ' : '≠ ', 'warn'),
    span(`${fit(namesOf(stage, leader, shape.names - 1), shape.names - 1)} `),
    ...(shape.scale.columns === 0 ? [] : stageBar(row, shape.scale, look.tone)),
    ...(shape.beside === 0 ? [] : [span(' '), besideOf(row, leader, shape.beside)]),
  ];
}

function familyLine(
  { root, stages, epochsTrained }: Extract<TreeRow, { kind: 'family' }>,
  leader: TrialView | undefined,
): Line {
  const name = familyName(leader);
  const size = `${plural(root.members, 'trial')}, ${plural(stages, 'stage')}, ${plural(epochsTrained, 'epoch')} trained`;
  return [span(name, 'strong'), span(`${name === '' ? '' : '  '}${size}`, 'dim')];
}

function familyName(leader: TrialView | undefined): string {
  return leader === undefined ? '' : `${leader.config} seed ${leader.seed}`.trim();
}

// An ended stage looks like the end of its trials, unless they have gone on.
function lookAt({ stage, hasParted }: StageRow, leader: TrialView | undefined): Look {
  if (hasParted) return { sign: '┬', tone: 'plain' };
  if (stage.state !== 'ended') return lookOf(stage.state);
  return leader === undefined ? { sign: '·', tone: 'dim' } : lookOf(leader.state);
}

function namesOf(
  { members, leading }: StageView,
  leader: TrialView | undefined,
  width: number,
): string {
  if (members !== 1 || leader === undefined) return shortNumbersIn(leading, members, width);
  return `#${leader.number} ${leader.strategy} ${leader.strategyValues}`;
}

function besideOf(
  { stage, hasParted }: StageRow,
  leader: TrialView | undefined,
  width: number,
): Line[number] {
  if (stage.slot !== '') return span(fit(stage.slot, width), 'live');
  if (stage.state === 'paused') return span(fit('paused', width), 'warn');
  const isResult = stage.state === 'ended' && !hasParted && leader?.hasValue === true;
  return span(fit(isResult ? formatValue(leader.bestValue) : '', width));
}

function detailLine(model: Model): Line {
  const row = selectedRow(model);
  if (row === undefined) return [];
  const stage = stageOf(row);
  const { members, leading, reproducible } = stage;
  const leader = leadersAmong(model, new Set([leaderOf(stage)])).get(leaderOf(stage));
  const trials = `${plural(members, 'trial')} ${shortNumbersIn(leading, members, 24)}`;
  const facts = row.kind === 'family' ? [] : stageFacts(stage);
  const text = [...facts.slice(0, 2), trials, ...facts.slice(2), familyName(leader)];
  const doubt = row.kind === 'family' || reproducible ? '' : ' not reproducible:';
  return [span(doubt, 'warn'), span(` ${text.filter(Boolean).join(' · ')}`)];
}

function stageFacts(stage: StageView): readonly string[] {
  const { stageId, slot, attempt, repeatedEpochs, checkpointBytes } = stage;
  return [
    toPlainLine(stageId),
    epochsText(stage),
    slot,
    attempt > 1 ? `attempt ${attempt}` : '',
    repeatedEpochs > 0 ? `${plural(repeatedEpochs, 'epoch')} repeated` : '',
    checkpointBytes > 0 ? `${formatBytes(checkpointBytes)} of checkpoints` : '',
  ];
}

function epochsText({ fromEpoch, recordedEpochs, untilEpoch, state }: StageView): string {
  const open = state === 'ended' ? '' : ` of ${fromEpoch}–${untilEpoch - 1}`;
  if (recordedEpochs === 0) return `no epoch${open}`;
  return `epochs ${fromEpoch}–${fromEpoch + recordedEpochs - 1}${open}`;
}

function stageOf(row: TreeRow): StageView {
  return row.kind === 'family' ? row.root : row.stage;
}

function leaderOf({ leading }: StageView): number {
  return leading[0] ?? 0;
}

// One pass over the trials, however many rows are shown.
function leadersAmong(
  { trials, sweepId }: Model,
  numbers: ReadonlySet<number>,
): ReadonlyMap<number, TrialView> {
  const found = new Map<number, TrialView>();
  for (const trial of trials.values()) {
    if (trial.sweepId === sweepId && numbers.has(trial.number)) found.set(trial.number, trial);
  }
  return found;
}
