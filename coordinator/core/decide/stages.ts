// New stages: roots, children of a fork, and those that some trials go on in by themselves.

import { toRootId, toSplitId } from '../../../src/domain/ids.ts';
import type { Fact } from '../fact.ts';
import { nextEpoch } from '../members.ts';
import type { Stage, Trial } from '../model.ts';

/** The stage that a family begins with. Its trials have one config and one seed. */
export function toRoot(family: readonly Trial[]): Stage {
  const id = toRootId(family[0]?.id ?? '', family.length);
  const { sweepId = '' } = family[0] ?? {};
  return {
    ...NEW,
    id,
    sweepId,
    rootId: id,
    parentId: null,
    fromEpoch: 0,
    members: family.map((trial) => trial.id),
    untilEpoch: lastEpoch(family),
    stepsPerEpoch: null,
    numerics: null,
  };
}

/** The stage that some trials of `parent` go on in from `fromEpoch`, the epoch that is due for them. */
export function toChild(
  id: string,
  parent: Stage,
  fromEpoch: number,
  trials: readonly Trial[],
  state: 'pending' | 'paused',
): Stage {
  const { sweepId, rootId, stepsPerEpoch, numerics } = parent;
  return {
    ...NEW,
    id,
    sweepId,
    rootId,
    parentId: parent.id,
    fromEpoch,
    members: trials.map((trial) => trial.id),
    untilEpoch: lastEpoch(trials),
    state,
    stepsPerEpoch,
    numerics,
  };
}

/** Some trials of a stage part from it where it stands. */
export function splitOff(
  stage: Stage,
  trials: readonly Trial[],
  state: 'pending' | 'paused',
): Fact {
  const epoch = nextEpoch(stage);
  const id = toSplitId(stage.id, trials[0]?.id ?? '', epoch);
  return { kind: 'stage-created', stage: toChild(id, stage, epoch, trials, state) };
}

const NEW = {
  state: 'pending',
  attempt: 0,
  lease: null,
  recordedEpochs: 0,
  repeatedEpochs: 0,
  reproducible: true,
  failures: 0,
  losses: 0,
  lastFailure: '',
} as const;

function lastEpoch(trials: readonly Trial[]): number {
  return trials.reduce((last, { epochs }) => Math.max(last, epochs), 0);
}
