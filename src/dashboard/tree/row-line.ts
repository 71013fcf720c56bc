// How a row of the tree is drawn: a family's heading, or a stage with its trials, its bar, and what it has come to.

import type { StageView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { epochTicks, stageBar, type StageScale } from '../frame/chart/stage-bar.ts';
import { span, type Line } from '../frame/line.ts';
import { formatValue, plural } from '../frame/number.ts';
import { lookOf, type Look } from '../frame/state.ts';
import { fit } from '../frame/text.ts';
import { shortNumbersIn } from '../frame/trial-numbers.ts';
import { familyName, stageOf } from './leader.ts';
import type { StageRow, TreeRow } from './tree-rows.ts';

const BESIDE = 12;
const LEAST_CHART = 8;

/** Widths of the parts of a row: trials, bar, and what stands beside it. */
export type Shape = { readonly names: number; readonly scale: StageScale; readonly beside: number };

/** The widths in `columns` columns; only a terminal wide enough has bars, and what stands beside them. */
export function shapeFor(rows: readonly TreeRow[], columns: number): Shape {
  const names = Math.min(34, Math.max(8, Math.floor(columns / 5) - 1));
  const beside = columns < 70 ? 0 : columns < 110 ? BESIDE : 2 * BESIDE;
  const left = columns - 11 - names - (beside > 0 ? beside + 1 : 0);
  const epochs = rows.reduce((most, row) => Math.max(most, lastEpochOf(stageOf(row))), 1);
  return { names, beside, scale: { epochs, columns: left < LEAST_CHART ? 0 : left } };
}

function lastEpochOf({ fromEpoch, recordedEpochs, untilEpoch }: StageView): number {
  return Math.max(fromEpoch + recordedEpochs, untilEpoch);
}

/** The line above the rows. */
export function headingLine({ names, scale, beside }: Shape): Line {
  const chart = scale.columns === 0 ? '' : fit(epochTicks(scale), scale.columns);
  const epoch = scale.columns === 0 ? '' : 'epoch';
  const right = beside === 0 ? '' : ` ${fit('best', beside)}`;
  return [span(`   trials  ${fit(epoch, names, 'right')}${chart}${right}`, 'dim')];
}

/** One row; `leader` is the first of its trials, if that is known. */
export function rowLine(row: TreeRow, leader: TrialView | undefined, shape: Shape): Line {
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
