// The sweep at a glance: how far it is, what is best, what shares, what failed, and which strategy leads.

import type { SweepView, TrialView } from '../../wire/generated/espalier/v1/sweep.ts';
import { modeOf } from '../arrange.ts';
import { askToCancelSweep } from '../cancel.ts';
import { sparkline, stackedBar } from '../frame/bar.ts';
import { cutLine, lineWidth, span, type Line } from '../frame/line.ts';
import { formatCount, formatDuration, formatShare, formatValue, plural } from '../frame/number.ts';
import { stack, type Block } from '../frame/stack.ts';
import { lookOf } from '../frame/state.ts';
import { strategyLines } from '../frame/strategy-table.ts';
import { fit } from '../frame/text.ts';
import { trialName } from '../frame/trial-name.ts';
import { leadersOf } from '../summary/leaders.ts';
import { change, shownSweep, shownTrials, type Model, type Size, type Step } from '../model.ts';
import type { Pane } from '../pane.ts';
import { progressOf } from '../summary/progress.ts';
import { movement, openTrial } from '../select.ts';

const LABEL = 9;
const ROOMY = 12;

/** The pane that opens first. */
export const overview: Pane = {
  id: 'overview',
  title: 'Overview',
  keys: [
    ['Enter', 'trials'],
    ['b', 'best trial'],
    ['c', 'cancel sweep'],
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
    default:
      return turnToSweep(model, movement(model, key));
  }
}

function turnToSweep(model: Model, by: number | undefined): Step | undefined {
  if (by === undefined) return undefined;
  const at = model.sweeps.findIndex(({ sweepId }) => sweepId === model.sweepId);
  const next = model.sweeps[Math.min(model.sweeps.length - 1, Math.max(0, at + by))];
  return change(model, { sweepId: next?.sweepId ?? model.sweepId, top: 0, selectedId: '' });
}

function draw(model: Model, area: Size): readonly Line[] {
  const sweep = shownSweep(model);
  if (sweep === undefined) return waiting(model);
  const trials = shownTrials(model);
  return stack(
    [
      { lines: progressLines(model, sweep, trials, area), rank: 0, least: 1, want: 4 },
      { lines: factLines(model, sweep), rank: 1, least: 1, want: 3 },
      strategyBlock(model, trials, area.columns),
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

function etaOf({ state, remainingMs }: SweepView): string {
  if (state !== 'running') return '';
  return remainingMs < 0 ? '' : `  about ${formatDuration(remainingMs)} left`;
}

function countLine(sweep: SweepView, columns: number): Line {
  const { completed, running, failed, diverged, pending, cancelled } = sweep;
  const counts = Object.entries({ completed, running, failed, diverged, pending, cancelled });
  const parts = counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => {
      const { sign, tone } = lookOf(state);
      return [span(` ${sign} ${formatCount(count)}`, tone), span(` ${state}`)];
    });
  const wide = parts.flatMap((part) => [...part, span('  ')]);
  return lineWidth(wide) <= columns ? wide : parts.flat();
}

function factLines(model: Model, sweep: SweepView): readonly Line[] {
  return [
    bestLine(model, sweep),
    labelled('epochs', epochFacts(sweep)),
    labelled('slots', slotFacts(model)),
  ];
}

function labelled(label: string, facts: Line): Line {
  return [span(` ${fit(label, LABEL - 2)} `, 'dim'), ...facts];
}

function bestLine(model: Model, sweep: SweepView): Line {
  const best = model.trials.get(sweep.bestTrialId);
  const metric = sweep.objective?.metric ?? 'objective';
  if (sweep.bestTrialId === '') return labelled('best', [span(`no ${metric} yet`, 'dim')]);
  const value = [span(`${metric} `), span(formatValue(sweep.bestValue), 'strong')];
  if (best === undefined) return labelled('best', value);
  const config = best.config === '' ? '' : `  ${best.config}`;
  return labelled('best', [
    ...value,
    span(`  ${trialName(best)}`),
    span(config),
    span(`  epoch ${best.bestEpoch}`, 'dim'),
  ]);
}

function epochFacts(sweep: SweepView): Line {
  const { epochsDelivered, epochsTotal, epochsTrained, epochsRepeated } = sweep;
  const saved = epochsDelivered - epochsTrained;
  const done = span(`${formatCount(epochsDelivered)} of ${formatCount(epochsTotal)}`);
  const facts: Line[] = [[done]];
  if (saved > 0) {
    const share = formatShare(saved / epochsDelivered);
    facts.push([
      span(`${formatCount(epochsTrained)} trained`),
      span('  '),
      span(`${formatCount(saved)} saved by sharing (${share})`, 'good'),
    ]);
  }
  if (epochsRepeated > 0) {
    facts.push([span(`${formatCount(epochsRepeated)} repeated`, 'warn')]);
  }
  return facts.flatMap((fact, index) => (index === 0 ? fact : [span('  '), ...fact]));
}

function slotFacts({ agents }: Model): Line {
  const here = agents.filter(({ state }) => state !== 'gone' && state !== 'lost');
  const slots = here.flatMap((agent) => agent.slots);
  if (slots.length === 0) {
    return [span('none: start an agent with ', 'bad'), span('espalier agent', 'strong')];
  }
  const busy = slots.filter(({ trialId }) => trialId !== '').length;
  const use = span(`${busy} of ${slots.length} in use on ${plural(here.length, 'agent')}`);
  const troubled = agents
    .filter(({ state }) => state === 'suspect' || state === 'lost' || state === 'draining')
    .map(({ name, state }) => `${name} ${state}`);
  return [use, span(troubled.length === 0 ? '' : `  ${troubled.join(', ')}`, 'warn')];
}

function strategyBlock(model: Model, trials: readonly TrialView[], columns: number): Block {
  const lines = strategyLines(trials, modeOf(shownSweep(model)?.objective?.mode), columns);
  return { lines: lines.length === 0 ? [] : [[], ...lines], rank: 2, least: 4, want: 9 };
}

function leaderBlock(sweep: SweepView, trials: readonly TrialView[], area: Size): Block {
  const mode = modeOf(sweep.objective?.mode);
  const leaders = leadersOf(trials, mode, area.rows).map((trial) =>
    leaderLine(trial, area.columns),
  );
  const order = `  ${sweep.objective?.metric ?? ''}, ${mode === 'max' ? 'highest' : 'lowest'} first`;
  const lines = [[], [span(' Leaders', 'strong'), span(order, 'dim')], ...leaders];
  return { lines: leaders.length === 0 ? [] : lines, rank: 4, least: 5, want: 5, spare: true };
}

function leaderLine(trial: TrialView, columns: number): Line {
  const { sign, tone } = lookOf(trial.state);
  const spark = columns < 60 ? '' : `${fit(sparkline(trial.recent, 16), 16)}  `;
  return [
    span(` ${sign} `, tone),
    span(fit(formatValue(trial.bestValue), 9)),
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
  return { lines: failures.length === 0 ? [] : lines, rank: 3, least: 3, want: 5 };
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
