// What an attempt might report: mostly what could be, now and then what cannot.

import type { ReportItem } from '../../coordinator/core/event.ts';
import { openTrials } from '../../coordinator/core/members.ts';
import type { Stage, State } from '../../coordinator/core/model.ts';
import { toFinding } from '../../src/lr/find.ts';
import type { Dice } from './dice.ts';

/** An item of a report about a stage. */
export function randomItem(dice: Dice, state: State, stage: Stage): ReportItem {
  const next = stage.fromEpoch + stage.recordedEpochs;
  let item: ReportItem = { kind: 'series', epoch: next, fromStep: 0, values: [0.5, 0.25] };
  dice.choose([
    [8, () => (item = toOpened(dice))],
    [48, () => (item = toEpoch(dice, dice.is(0.1) ? Math.max(0, next - 1) : next))],
    [3, () => (item = toLog(dice))],
    [2, () => undefined],
    [14, () => (item = toCheckpoint(dice, stage, next))],
    [14, () => (item = toFork(dice, state, stage, next))],
    [11, () => (item = toEnding(dice))],
    [4, () => (item = toRates(dice))],
  ]);
  return item;
}

function toOpened(dice: Dice): ReportItem {
  const stepsPerEpoch = dice.is(0.03) ? 11 : 10;
  const numerics = dice.is(0.1) ? 'odd' : 'even';
  return { kind: 'opened', stepsPerEpoch, backend: 'cpu', numerics };
}

function toEpoch(dice: Dice, epoch: number): ReportItem {
  const roll = dice.unit();
  const val_loss = roll < 0.05 ? Number.NaN : roll < 0.1 ? Number.POSITIVE_INFINITY : roll;
  const loss = dice.is(0.02) ? Number.NaN : roll;
  const rates = { steps: 10, first: 0.1, last: 0.1, least: 0.1, greatest: 0.1, applied: 0.1 };
  return { kind: 'epoch', epoch, metrics: { loss, val_loss }, rates, seconds: 0.1 };
}

function toLog(dice: Dice): ReportItem {
  const offsetBytes = dice.below(1e6);
  return { kind: 'log', offsetBytes, droppedBytes: 0, data: Buffer.from('line\n') };
}

/** Anywhere about the stage, also where it was not. */
function toCheckpoint(dice: Dice, stage: Stage, next: number): ReportItem {
  const epoch = Math.max(0, dice.is(0.5) ? next : stage.fromEpoch - 1 + dice.below(next + 3));
  const id = `${stage.id} at ${epoch}, ${dice.below(2)}`;
  return { kind: 'checkpoint', epoch, id, files: [{ path: 'w', sha256: id, sizeBytes: 10 }] };
}

function toFork(dice: Dice, state: State, stage: Stage, next: number): ReportItem {
  // What the agent knows of may have ended since.
  const known = dice.is(0.1)
    ? stage.members.map((id) => state.trials.get(id)?.number ?? 0)
    : openTrials(state, stage).map(({ number }) => number);
  const classes = toClasses(dice, known);
  const inPlace = classes.length === 0 || dice.is(0.3) ? null : dice.below(classes.length);
  const fork = { kind: 'forked', epoch: next, classes, inPlace } as const;
  if (!dice.is(0.1)) return fork;
  return dice.pick([
    { ...fork, epoch: next + 1 },
    { ...fork, classes: [...classes, [99]] },
    { ...fork, classes: [...classes, ...classes.slice(0, 1)] },
    { ...fork, classes: classes.slice(1), inPlace: null },
    { ...fork, classes: classes.map((same) => same.toReversed()) },
  ]);
}

function toClasses(dice: Dice, numbers: readonly number[]): readonly (readonly number[])[] {
  const most = 1 + dice.below(3);
  const classes: number[][] = Array.from({ length: most }, () => []);
  for (const number of numbers) classes[dice.below(most)]?.push(number);
  return classes.filter((same) => same.length > 0);
}

/** Now and then none that is asked for, or one that does not go with the rest. */
function toRates(dice: Dice): ReportItem {
  const max_lr = dice.is(0.2) ? 0.001 : 0.5;
  const { find } = toFinding({ find: { steps: dice.is(0.1) ? 7 : 50 } });
  const rate = { find, max_lr, base_lr: max_lr / 4, least: max_lr, greatest: 1, words: 'so' };
  const found = { kind: 'rates', rates: [{ ...rate, found: 3, tested: 3 }], missing: [] } as const;
  const missing = [{ find, words: 'nothing falls' }];
  return dice.is(0.2) ? { ...found, rates: [], missing } : found;
}

function toEnding(dice: Dice): ReportItem {
  const outcome = dice.pick([
    'completed',
    'diverged',
    'failed',
    'failed',
    'lost',
    'released',
  ] as const);
  return { kind: 'ended', outcome, message: `it ${outcome} at ${dice.below(3)}` };
}
