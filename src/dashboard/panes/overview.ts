// The sweep at a glance: how far it is, what is best, what shares, what failed, and which strategy leads.

import type { SweepView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { askToCancelSweep, askToDrain } from '../control/ask.ts';
import { askWhySweep } from '../control/why.ts';
import { shiftSweep } from '../control/priority.ts';
import { pauseOrResumeSweep, retrySweep } from '../control/steer.ts';
import { sparkline, stackedBar } from '../frame/bar.ts';
import { factLines } from '../frame/facts.ts';
import { cutLine, lineWidth, span, type Line } from '../frame/line.ts';
import { formatCount, formatDuration, formatShare, formatValue } from '../frame/number.ts';
import { stack, type Block } from '../frame/stack.ts';
import { lookOf, sweepStateOf } from '../frame/state.ts';
import { strategyLines } from '../frame/strategy-table.ts';
import { fit } from '../frame/text.ts';
import { verdictLines } from '../frame/verdict-lines.ts';
import { trialName } from '../frame/trial-name.ts';
import { strategyRows } from '../strategies/strategy-rows.ts';
import { leadersOf } from '../summary/leaders.ts';
import { change, shownSweep, shownTrials, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { goalOf, resultOf, type Goal } from '../summary/goal.ts';
import { progressOf } from '../summary/progress.ts';
import { openTrial, turnToSweep } from '../select.ts';
import { moveIn, movementIn } from '../window.ts';

const ROOMY = 12;

/** The pane that opens first. */
export const overview: Pane = {
  id: 'overview',
  title: 'Overview',
  keys: [
    ['Enter', 'trials'],
    ['b', 'best trial'],
    ['w', 'why'],
    ['p', 'pause'],
    ['c', 'cancel sweep'],
    ['r', 'retry failed'],
    ['d', 'drain agent'],
    ['+ -', 'priority'],
    ['↑ ↓', 'other sweeps'],
  ],
  draw,
  press,
};

function press(model: Model, key: string): Step | undefined {
  switch (key) {
    case 'enter':
    case 'right':
    case 'l':
      return change(model, { pane: 'trials' });
    case 'b':
      return openTrial(model, shownSweep(model)?.bestTrialId ?? '');
    case 'c':
      return askToCancelSweep(model);
    case '+':
    case '-':
      return shiftSweep(model, key === '+' ? 1 : -1);
    case 'w':
      return askWhySweep(model);
    case 'p':
      return pauseOrResumeSweep(model);
    case 'r':
      return retrySweep(model);
    case 'd':
      return askToDrain(model);
    default:
      return turnBy(model, movementIn(key, model.sweeps.length, 1));
  }
}

function turnBy(model: Model, by: number | undefined): Step | undefined {
  if (by === undefined) return undefined;
  const at = model.sweeps.findIndex(({ sweepId }) => sweepId === model.sweepId);
  const next = model.sweeps[moveIn(at, by, model.sweeps.length)];
  return change(turnToSweep(model, next?.sweepId ?? ''), {});
}

function draw(model: Model, area: Size): readonly Line[] {
  const sweep = shownSweep(model);
  if (sweep === undefined) return waiting(model);
  const trials = shownTrials(model);
  const facts = factLines(model, sweep, area.columns);
  return stack(
    [
      { lines: progressLines(model, sweep, trials, area), rank: 0, least: 1, want: 4 },
      verdictBlock(model, sweep, area.columns),
      { lines: facts, rank: 2, least: 1, want: facts.length },
      strategyBlock(model, area.columns),
      leaderBlock(sweep, trials, area),
      failureBlock(model),
    ],
    area.rows,
  );
}

function waiting({ connection, sweepId }: Model): readonly Line[] {
  if (connection.kind !== 'connected') return [];
  return sweepId === ''
    ? [[], [span(' No sweep yet. Start one with '), span('espalier submit FILE', 'strong')]]
    : [[], [span(` There is no sweep ${sweepId}. See `), span('espalier ls', 'strong')]];
}

function progressLines(
  { depth }: Model,
  sweep: SweepView,
  trials: readonly TrialView[],
  { columns, rows }: Size,
): readonly Line[] {
  const progress = progressOf(sweep, trials);
  const share = span(` ${formatShare(progress.share)}`.padStart(7), 'strong');
  const rest = etaOf(sweep);
  const width = Math.max(10, columns - 2 - lineWidth([share, span(rest)]));
  const solid = depth !== 'none';
  const bar = stackedBar(
    [
      { size: progress.completed, fill: '█', tone: 'good' },
      { size: progress.failed, fill: solid ? '█' : '▚', tone: 'bad' },
      { size: progress.cancelled, fill: '▒', tone: 'dim' },
      { size: progress.trained, fill: solid ? '█' : '▓', tone: 'live' },
      { size: progress.left, fill: '░', tone: 'dim' },
    ],
    width,
  );
  const lines = [[span(' '), ...bar, share, span(rest, 'dim')], countLine(sweep, columns)];
  return rows < ROOMY ? lines : [[], ...lines, []];
}

function etaOf(sweep: SweepView): string {
  const { remainingMs } = sweep;
  const state = sweepStateOf(sweep);
  if (state === 'paused') return '  p lets it go on';
  if (state !== 'running') return '';
  return remainingMs < 0 ? '' : `  about ${formatDuration(remainingMs)} left`;
}

function countLine(sweep: SweepView, columns: number): Line {
  const { completed, running, paused, failed, diverged, pending, cancelled } = sweep;
  const counts = Object.entries({
    completed,
    running,
    paused,
    failed,
    diverged,
    pending,
    cancelled,
  }).filter(([, count]) => count > 0);
  const wide = counts.flatMap(([state, count]) => [...countOf(state, count), span('  ')]);
  if (lineWidth(wide) <= columns) return wide;
  // Where the words do not fit, the signs of the first states do without them.
  const lines = Array.from({ length: counts.length + 1 }, (_, bare) =>
    counts.flatMap(([state, count], at) => countOf(state, count, at >= bare)),
  );
  return lines.find((line) => lineWidth(line) <= columns) ?? lines.at(-1) ?? [];
}

function countOf(state: string, count: number, hasWord = true): Line {
  const { sign, tone } = lookOf(state);
  return [span(` ${sign} ${formatCount(count)}`, tone), span(hasWord ? ` ${state}` : '')];
}

function verdictBlock(model: Model, sweep: SweepView, columns: number): Block {
  const lines = verdictLines(sweep, strategyRows(model), goalOf(sweep), columns);
  const all = lines.length === 0 ? [] : [...lines, []];
  return { lines: all, rank: 1, least: 1, want: all.length };
}

function strategyBlock(model: Model, columns: number): Block {
  const lines = strategyLines(strategyRows(model), goalOf(shownSweep(model)), columns);
  return { lines: lines.length === 0 ? [] : [[], ...lines], rank: 3, least: 4, want: 9, more };
}

function more(hidden: number): Line {
  return [span(` … ${hidden} more in pane 6`, 'dim')];
}

function leaderBlock(sweep: SweepView, trials: readonly TrialView[], area: Size): Block {
  const goal = goalOf(sweep);
  const leaders = leadersOf(trials, goal, area.rows).map((trial) =>
    leaderLine(trial, goal, area.columns),
  );
  const order = `  ${sweep.objective?.metric ?? ''}, ${goal.mode === 'max' ? 'highest' : 'lowest'} first`;
  const lines = [[], [span(' Leaders', 'strong'), span(order, 'dim')], ...leaders];
  return { lines: leaders.length === 0 ? [] : lines, rank: 5, least: 5, want: 5, spare: true };
}

function leaderLine(trial: TrialView, goal: Goal, columns: number): Line {
  const { sign, tone } = lookOf(trial.state);
  const spark = columns < 60 ? '' : `${fit(sparkline(trial.recent, 16), 16)}  `;
  return [
    span(` ${sign} `, tone),
    span(fit(formatValue(resultOf(trial, goal) ?? Number.NaN), 9)),
    span(` ${spark}`, 'live'),
    span(trialName(trial)),
  ];
}

function failureBlock(model: Model): Block {
  const failures = model.failures
    .toReversed()
    .flatMap((trialId) => model.trials.get(trialId) ?? [])
    .filter(({ sweepId }) => sweepId === model.sweepId)
    .map(failureLine);
  const lines = [[], [span(' Latest failures', 'strong')], ...failures];
  return { lines: failures.length === 0 ? [] : lines, rank: 4, least: 3, want: 5 };
}

function failureLine(trial: TrialView): Line {
  const { sign, tone } = lookOf(trial.state);
  const name = cutLine([span(trialName(trial))], 34);
  return [
    span(` ${sign} `, tone),
    ...name,
    span(`  ${trial.message === '' ? trial.state : trial.message}`, tone),
  ];
}
