// Choosing the sweep that the panes show, from a list in front of them.

import type { SweepView } from '../../wire/generated/espalier/v1/sweep.ts';
import { inTone, span, type Line } from '../frame/line.ts';
import { formatCount, formatDuration, formatValue } from '../frame/number.ts';
import { lookOf, sweepStateOf } from '../frame/state.ts';
import { fit } from '../frame/text.ts';
import { layoutOf } from '../layout.ts';
import { change, type Model, type Size, type Step } from '../model.ts';
import { turnToSweep } from '../select.ts';
import { moveIn, movementIn, scrollTo } from '../window.ts';

const HEADING = 2;
const NAME_MOST = 32;

/** Opens the list, at the sweep that is shown. */
export function askForSweep(model: Model): Step {
  return change(model, { overlay: { kind: 'sweeps', sweepId: model.sweepId } });
}

/** The model after a key. */
export function pressSweeps(model: Model, sweepId: string, key: string): Step {
  const at = indexOf(model, sweepId);
  const chosen = model.sweeps[at];
  if (key === 'enter' || key === 'right' || key === 'l') {
    return change(turnToSweep(model, chosen?.sweepId ?? ''), { overlay: { kind: 'none' } });
  }
  const by = movementIn(key, model.sweeps.length, roomIn(model.size));
  if (by === undefined || chosen === undefined) return change(model, { overlay: { kind: 'none' } });
  const next = model.sweeps[moveIn(at, by, model.sweeps.length)] ?? chosen;
  return change(model, { overlay: { kind: 'sweeps', sweepId: next.sweepId } });
}

/** The list. */
export function sweepLines(
  model: Model,
  sweepId: string,
  { columns, rows }: Size,
): readonly Line[] {
  const { sweeps } = model;
  if (sweeps.length === 0) return [[], [span(' No sweep yet.', 'dim')]];
  const at = indexOf(model, sweepId);
  const room = Math.max(1, rows - HEADING);
  const top = scrollTo(0, at, sweeps.length, room);
  const width = Math.min(NAME_MOST, Math.max(8, ...sweeps.map(({ name }) => name.length)));
  const list = sweeps.slice(top, top + room).map((sweep, index): Line => {
    const line = sweepLine(sweep, width);
    return top + index === at
      ? inTone([span('▸ '), ...line], 'chosen', columns)
      : [span('  '), ...line];
  });
  return [[span(' Sweeps', 'strong'), ...heading(width)], [], ...list];
}

function heading(width: number): Line {
  const titles = `${''.padEnd(Math.max(0, width - 3))}${fit('trials', 13, 'right')}${fit('best', 11, 'right')}  metric, time`;
  return [span(titles, 'dim')];
}

function sweepLine(sweep: SweepView, width: number): Line {
  const { name, objective, bestTrialId, bestValue, trials, elapsedMs } = sweep;
  const { completed, failed, diverged, cancelled } = sweep;
  const state = sweepStateOf(sweep);
  const { sign, tone } = lookOf(state);
  const ended = completed + failed + diverged + cancelled;
  const best = bestTrialId === '' ? '–' : formatValue(bestValue);
  return [
    span(`${sign} `, tone),
    span(fit(name, width)),
    span(fit(`${formatCount(ended)}/${formatCount(trials)}`, 12, 'right'), 'dim'),
    span(fit(best, 11, 'right')),
    span(`  ${objective?.metric ?? ''}  `, 'dim'),
    span(formatDuration(elapsedMs), 'dim'),
  ];
}

function indexOf({ sweeps }: Model, sweepId: string): number {
  return Math.max(
    0,
    sweeps.findIndex((sweep) => sweep.sweepId === sweepId),
  );
}

function roomIn(size: Size): number {
  return Math.max(1, layoutOf(size).body - HEADING);
}
