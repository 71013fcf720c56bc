// New stages: roots, children of a fork, and those that some trials go on in by themselves.

import { toRootId, toSplitId } from '../../../src/domain/ids.ts';
import type { FactOf } from '../fact.ts';
import type { Stage, Trial } from '../model.ts';

/** The stage that a family begins with. Its trials have one config and one seed. */
export function toRoot(family: readonly Trial[]): Stage {
  const id = toRootId(family[0]?.id ?? '', family.length);
  const { sweepId = '' } = family[0] ?? {};
  return toNew({ id, sweepId, rootId: id, stepsPerEpoch: null, numerics: null }, null, 0, family);
}

/** The stage that some trials of `parent` go on in from `fromEpoch`, the epoch that is due for them. */
export function toChild(
  id: string,
  parent: Stage,
  fromEpoch: number,
  trials: readonly Trial[],
  state: 'pending' | 'paused',
): Stage {
  return { ...toNew({ ...parent, id }, parent.id, fromEpoch, trials), state };
}

/** Some trials of a stage, all with as many epochs, part from it where they stand: where it does, unless it went on without them. */
export function splitOff(
  stage: Stage,
  trials: readonly Trial[],
  state: 'pending' | 'paused',
): FactOf['stage-created'] {
  // A trial that failed earlier stands where it failed, however far the others have come.
  const epoch = trials[0]?.epochsDone ?? 0;
  const id = toSplitId(stage.id, trials[0]?.id ?? '', epoch);
  return { kind: 'stage-created', stage: toChild(id, stage, epoch, trials, state) };
}

/** What a stage has from its tree. */
type Lineage = Pick<Stage, 'id' | 'sweepId' | 'rootId' | 'stepsPerEpoch' | 'numerics'>;

/** Written out: there can be a hundred thousand at once. */
function toNew(
  { id, sweepId, rootId, stepsPerEpoch, numerics }: Lineage,
  parentId: string | null,
  fromEpoch: number,
  trials: readonly Trial[],
): Stage {
  return {
    id,
    sweepId,
    rootId,
    parentId,
    fromEpoch,
    members: trials.map((trial) => trial.id),
    untilEpoch: lastEpoch(trials),
    state: 'pending',
    attempt: 0,
    lease: null,
    recordedEpochs: 0,
    repeatedEpochs: 0,
    reproducible: true,
    stepsPerEpoch,
    numerics,
    failures: 0,
    losses: 0,
    lastFailure: '',
  };
}

function lastEpoch(trials: readonly Trial[]): number {
  return trials.reduce((last, { epochs }) => Math.max(last, epochs), 0);
}
