// Progress as lines of text, where there is no terminal to draw on: pipes, logs, TERM=dumb.
// Promise: a line for everything that ends, one for each tenth of a sweep, and no control sequence in any of them.

import type { SweepView, TrialView } from '../wire/generated/espalier/v1/sweep.ts';
import { follow, type WatchSource } from './follow.ts';
import { formatCount, formatDuration, formatTrained, formatValue, plural } from './frame/number.ts';
import { trialName } from './frame/trial-name.ts';
import { hasEnded, initialModel, type Message, type Model } from './model.ts';
import { progressOf } from './summary/progress.ts';
import { isOver } from './summary/strategies.ts';
import { update } from './update.ts';

const STEPS = 10;
const NO_SIZE = { columns: 80, rows: 24 };

/** What there is to say about the way from `previous` to `next`; of the first model, where things stand. */
export function plainLines(previous: Model | undefined, next: Model): readonly string[] {
  const before = previous?.sweeps.length === 0 ? undefined : previous;
  return [
    ...connectionLines(previous, next),
    ...next.sweeps.flatMap((sweep) => sweepLines(before, next, sweep)),
  ];
}

/** What `runPlain` works with. */
export type PlainOptions = {
  readonly source: WatchSource;
  /** The sweep to watch; all if it is missing. */
  readonly sweepId?: string;
  /** Takes one line, without a line feed. */
  readonly write: (line: string) => void;
  /** Ends once everything watched has reached a final state. */
  readonly untilEnded?: boolean;
  /** Ends it from outside. */
  readonly signal?: AbortSignal;
};

/** Writes lines until the end that was asked for; rejects only with an error of `write`. */
export async function runPlain(options: PlainOptions): Promise<void> {
  const { source, sweepId = '', write, untilEnded = false, signal } = options;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  let said: Model | undefined;
  let model = initialModel(sweepId, NO_SIZE, 'none');
  const take = (message: Message): void => {
    model = update(model, message).model;
    for (const line of plainLines(said, model)) write(line);
    said = model;
    if (untilEnded && hasEnded(model)) end();
  };
  const follower = {
    onResponse: (response: Extract<Message, { kind: 'watch' }>['response']) =>
      take({ kind: 'watch', response }),
    onLost: (reason: string) => take({ kind: 'disconnected', reason }),
  };
  const request = { sweepId, trialId: '', history: false };
  await follow(source.open, request, follower, ending.signal);
  signal?.removeEventListener('abort', end);
}

function connectionLines(previous: Model | undefined, { connection }: Model): readonly string[] {
  const before = previous?.connection.kind;
  if (connection.kind === 'lost' && before !== 'lost') {
    return [`the coordinator is out of reach, trying again: ${connection.reason}`];
  }
  return connection.kind === 'connected' && before === 'lost' ? ['the coordinator is back'] : [];
}

function sweepLines(before: Model | undefined, next: Model, sweep: SweepView): readonly string[] {
  const was = before?.sweeps.find(({ sweepId }) => sweepId === sweep.sweepId);
  const prefix = next.sweeps.length > 1 ? `${sweep.name} ` : '';
  const trials = trialsOf(next, sweep);
  const ended = before === undefined ? [] : endedSince(before, trials);
  const lines = ended.map((trial) => trialLine(trial, sweep.objective?.metric ?? 'objective'));
  if (was === undefined) lines.unshift(openingLine(sweep));
  if (sweep.state !== 'running') {
    if (was?.state !== sweep.state) lines.push(`${sweep.state}: ${standing(next, sweep)}`);
  } else if (stepOf(next, sweep) > (was && before ? stepOf(before, was) : 0)) {
    lines.push(`${stepOf(next, sweep) * STEPS} %: ${standing(next, sweep)}${rest(sweep)}`);
  }
  return lines.map((line) => prefix + line);
}

function trialsOf({ trials }: Model, sweep: SweepView): readonly TrialView[] {
  return [...trials.values()].filter(({ sweepId }) => sweepId === sweep.sweepId);
}

// Only what was seen before it ended: a stream that begins anew tells of everything that has ever ended.
function endedSince(before: Model, trials: readonly TrialView[]): readonly TrialView[] {
  return trials.filter((trial) => {
    const known = before.trials.get(trial.trialId);
    return known !== undefined && !isOver(known) && isOver(trial);
  });
}

function stepOf(model: Model, sweep: SweepView): number {
  return Math.floor(progressOf(sweep, trialsOf(model, sweep)).share * STEPS);
}

function openingLine(sweep: SweepView): string {
  const { metric = 'objective', mode = 'min' } = sweep.objective ?? {};
  const size = `${plural(sweep.trials, 'trial')}, ${plural(sweep.epochsTotal, 'epoch')}`;
  return `sweep ${sweep.name} (${sweep.sweepId}): ${size}, ${metric} ${mode}`;
}

function trialLine(trial: TrialView, metric: string): string {
  const { config, seed, state, message } = trial;
  const name = [trialName(trial), config, `seed ${seed}`].filter(Boolean).join(' ');
  const best = trial.hasValue
    ? `best ${metric} ${formatValue(trial.bestValue)} at epoch ${trial.bestEpoch}`
    : '';
  return [`${state} ${name}`, message, best].filter(Boolean).join(': ');
}

function standing(model: Model, sweep: SweepView): string {
  const { epochsDelivered, epochsTotal, epochsTrained, paused } = sweep;
  const over = sweep.completed + sweep.failed + sweep.diverged + sweep.cancelled;
  const { completed, failed, diverged, cancelled } = sweep;
  const states = Object.entries({ completed, failed, diverged, cancelled })
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${formatCount(count)} ${state}`);
  const counts = states.length === 0 ? '' : ` (${states.join(', ')})`;
  const best = model.trials.get(sweep.bestTrialId);
  const metric = sweep.objective?.metric ?? 'objective';
  return [
    `${formatCount(epochsDelivered)} of ${plural(epochsTotal, 'epoch')}`,
    sweep.state !== 'running' && epochsTrained < epochsDelivered
      ? formatTrained(epochsDelivered, epochsTrained)
      : '',
    `${formatCount(over)} of ${plural(sweep.trials, 'trial')} ended${counts}`,
    paused > 0 ? `${formatCount(paused)} paused` : '',
    best === undefined
      ? ''
      : `best ${metric} ${formatValue(sweep.bestValue)} by ${trialName(best)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

function rest({ remainingMs }: SweepView): string {
  return remainingMs < 0 ? '' : `, about ${formatDuration(remainingMs)} left`;
}
