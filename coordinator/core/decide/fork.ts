// The members of a stage part. One decision ends the stage, makes its children, and lets one of them go on in place.

import { toChildId, toTrialId } from '../../../src/domain/ids.ts';
import type { ReportItem } from '../event.ts';
import type { Fact } from '../fact.ts';
import { nextEpoch, openTrials } from '../members.ts';
import type { Lease, Now, Stage, State, Trial } from '../model.ts';
import { checkpointAt } from '../path.ts';
import { leaseEnded } from './ending.ts';
import { toChild } from './stages.ts';

type Forked = Extract<ReportItem, { kind: 'forked' }>;

/** A class of the report, without the trials that have ended since, and the id of its stage. */
type Class = {
  readonly id: string;
  readonly trials: readonly Trial[];
  readonly isInPlace: boolean;
};

/** What is wrong with a fork, in words; nothing if it can be taken. */
export function findForkProblem(state: State, stage: Stage, item: Forked): string | undefined {
  const due = nextEpoch(stage);
  if (item.epoch !== due)
    return `a fork before epoch ${item.epoch} was reported where epoch ${due} was due`;
  const numbers = item.classes.flat();
  if (new Set(numbers).size !== numbers.length)
    return 'a fork was reported with a trial in two classes';
  // A child is named by its first trial: two of one name would be the end of the coordinator.
  if (item.classes.some((same) => same.some((number, i) => number <= (same[i - 1] ?? 0))))
    return 'a fork was reported with a class whose trials are not in order';
  const named = new Set(numbers);
  // The agent may not know yet who has ended, and so is in the stage no more.
  const family = state.stages.get(stage.rootId)?.members ?? [];
  const known = new Set(family.map((id) => state.trials.get(id)?.number));
  const stranger = numbers.find((number) => !known.has(number));
  if (stranger !== undefined)
    return `a fork was reported with trial ${stranger}, which has never been in the stage`;
  const forgotten = openTrials(state, stage).find(({ number }) => !named.has(number));
  if (forgotten !== undefined) return `a fork was reported without trial ${forgotten.id}`;
  const taken = toClasses(state, stage, item)
    .flatMap((same) => toChildren(stage, item.epoch, same))
    .find(({ id }) => state.stages.has(id));
  return taken && `a fork was reported into stage ${taken.id}, which is there already`;
}

/** The facts of a fork that has no problem. */
export function decideFork(
  state: State,
  stage: Stage,
  lease: Lease,
  item: Forked,
  now: Now,
): readonly Fact[] {
  const classes = toClasses(state, stage, item);
  const inPlace = classes.find(({ isInPlace }) => isInPlace);
  const children = classes.flatMap((same) => toChildren(stage, item.epoch, same));
  const ids = children.map(({ id }) => id);
  return [
    {
      kind: 'stage-forked',
      stageId: stage.id,
      attempt: stage.attempt,
      epoch: item.epoch,
      children: ids,
      inPlace: inPlace?.id ?? null,
    },
    leaseEnded(stage, 'forked', ids.join(', '), now),
    ...children.map((child) => ({ kind: 'stage-created', stage: child }) as const),
    { kind: 'stage-ended', stageId: stage.id },
    ...(inPlace === undefined ? [] : [goOnInPlace(state, stage, lease, inPlace.id, item, now)]),
  ];
}

function toClasses(state: State, stage: Stage, item: Forked): readonly Class[] {
  const open = new Map(openTrials(state, stage).map((trial) => [trial.number, trial]));
  return item.classes
    .map((numbers, index) => ({
      id: toChildId(stage.id, toTrialId(stage.sweepId, numbers[0] ?? 0), item.epoch),
      trials: numbers
        .map((number) => open.get(number))
        .filter((trial) => trial !== undefined)
        .toSorted((a, b) => a.number - b.number),
      isInPlace: index === item.inPlace,
    }))
    .filter(({ trials }) => trials.length > 0);
}

/** A class that is not trained on at once, and of which some are to pause, makes two children. */
function toChildren(stage: Stage, epoch: number, { id, trials, isInPlace }: Class): Stage[] {
  const pausing = isInPlace ? [] : trials.filter(({ isPausing }) => isPausing);
  const others = trials.filter((trial) => !pausing.includes(trial));
  const parts = [
    { part: others, as: 'pending' },
    { part: pausing, as: 'paused' },
  ] as const;
  return parts
    .filter(({ part }) => part.length > 0)
    .map(({ part, as }) => {
      const own =
        part.length === trials.length ? id : toChildId(stage.id, part[0]?.id ?? '', epoch);
      return toChild(own, stage, epoch, part, as);
    });
}

function goOnInPlace(
  state: State,
  stage: Stage,
  { agentId, slot }: Lease,
  stageId: string,
  { epoch }: Forked,
  { wallMs }: Now,
): Fact {
  const checkpoint = checkpointAt(state, stage, epoch);
  const start = checkpoint && { stageId: checkpoint.stageId, epoch };
  return { kind: 'lease-granted', stageId, attempt: 1, agentId, slot, start, wallMs };
}
