// What an attempt does before an epoch: train it, fork, hand over, or end. A function of who is there and what is wanted.
// Promise: members go on together exactly as long as their control vectors are equal bit for bit; an epoch that is on record is
// never forked at again; a trial that cannot be saved is never shared.

import { EspalierError } from '../../src/domain/errors.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import { type ControlClass, type Member, partition } from './cohort.ts';
import { type ControlVector, findNonFinite } from './control-vector.ts';

/** What the coordinator wants of a running attempt; it may change from one boundary to the next. */
export type Wishes = {
  /** Numbers of members that train no further here, and of those that pause. */
  readonly absent: ReadonlySet<number>;
  readonly pausing: ReadonlySet<number>;
  /** The sweep's best value of the objective so far. */
  readonly bestValue: number | undefined;
  /** True if the attempt is to be handed over. */
  readonly isToLeave: boolean;
};

/** Where an attempt stands. */
export type Standing = {
  readonly members: readonly Member[];
  /** The epoch before which it stands, and the first one that is not on record, both from 0. */
  readonly epoch: number;
  readonly due: number;
  readonly stepsPerEpoch: number;
  readonly canSave: boolean;
};

/** What to do. */
export type Step =
  | {
      readonly kind: 'train';
      readonly members: readonly Member[];
      readonly controls: ControlVector;
    }
  | {
      readonly kind: 'fork';
      /** Numbers, rising, in the order of the classes' smallest members. */
      readonly classes: readonly (readonly number[])[];
      /** Which class goes on in place, and its members; none if all of them pause. */
      readonly inPlace: number | null;
      readonly members: readonly Member[];
    }
  | { readonly kind: 'hand-over' }
  | { readonly kind: 'fail'; readonly message: string }
  | { readonly kind: 'end' };

/** Decides. Throws `EspalierError('invalid')` for learning rates that nothing can be trained with. */
export function decideStep(standing: Standing, wishes: Wishes): Step {
  const { epoch, due, canSave } = standing;
  const members = standing.members.filter(
    ({ number, epochs }) => epochs > epoch && !wishes.absent.has(number),
  );
  if (members.length === 0) return { kind: 'end' };
  const classes = partition(members, epoch, standing.stepsPerEpoch);
  if (wishes.isToLeave && canSave) return { kind: 'hand-over' };
  if (epoch < due) return train(onlyClass(classes, epoch), epoch);
  const stuck = members.every(({ obstacle }) => obstacle !== undefined) ? members[0] : undefined;
  if (stuck?.obstacle !== undefined) return { kind: 'fail', message: stuck.obstacle };
  const parts = canSave
    ? classes.flatMap((same) => split(same.members, wishes))
    : members.map((member) => [member]);
  const isPausing = members.some(({ number }) => wishes.pausing.has(number));
  return parts.length > 1 || isPausing ? fork(parts, epoch, wishes) : train(classes[0], epoch);
}

/** On the way to where a stage goes on its members are one class: they were so when the epoch was recorded. */
function onlyClass(classes: readonly ControlClass[], epoch: number): ControlClass | undefined {
  if (classes.length === 1) return classes[0];
  const message = `the members differ in epoch ${epoch}, which they are recorded to have shared`;
  throw new EspalierError('invalid', message);
}

function train(only: ControlClass | undefined, epoch: number): Step {
  if (only === undefined) return { kind: 'end' };
  const { learningRate, momentum = 0 } = only.controls;
  const wrong = findNonFinite(learningRate) ?? findNonFinite(momentum);
  if (wrong === undefined) return { kind: 'train', ...only };
  throw new EspalierError(
    'invalid',
    `the strategy gives ${wrong.value} for step ${wrong.step} of epoch ${epoch}, which is nothing to train with`,
  );
}

/** Those that pause part from the others, and so do those that cannot go on: alone, nobody else would fail with them. */
function split(members: readonly Member[], { pausing }: Wishes): (readonly Member[])[] {
  const parts = groupBy(
    members,
    ({ number, obstacle }) => `${pausing.has(number)} ${obstacle === undefined}`,
  );
  return [...parts.values()];
}

function fork(parts: readonly (readonly Member[])[], epoch: number, { pausing }: Wishes): Step {
  const sorted = parts.toSorted((a, b) => (a[0]?.number ?? 0) - (b[0]?.number ?? 0));
  const weights = sorted.map((part) => (isPaused(part, pausing) ? 0 : weigh(part, epoch)));
  const most = Math.max(...weights);
  const inPlace = most > 0 ? weights.indexOf(most) : null;
  return {
    kind: 'fork',
    classes: sorted.map((part) => part.map(({ number }) => number)),
    inPlace,
    members: inPlace === null ? [] : (sorted[inPlace] ?? []),
  };
}

function isPaused(part: readonly Member[], pausing: Wishes['pausing']): boolean {
  return part.every(({ number }) => pausing.has(number));
}

/** The epochs that the members of a class have left, all together. */
function weigh(part: readonly Member[], epoch: number): number {
  return part.reduce((sum, { epochs }) => sum + epochs - epoch, 0);
}
