// Trials that pause and go on. Those that train pause at the next epoch boundary, where their agent forks them off; those
// that wait, at once. What goes on later resumes from the latest checkpoint of its path.

import { groupBy } from '../../../src/domain/group-by.ts';
import type { Stamped, Steering } from '../event.ts';
import type { Fact } from '../fact.ts';
import { isOpen, openTrials } from '../members.ts';
import type { Stage, State, Trial } from '../model.ts';
import { splitOff } from './stages.ts';

/** Nothing for trials that have ended or are paused already. */
export function decidePause(state: State, event: Stamped<Steering>): readonly Fact[] {
  const wanted = wantedTrials(state, event).filter(
    ({ state: now, isPausing }) => now !== 'paused' && !isPausing,
  );
  return byStage(state, wanted).flatMap(([stage, trials]) =>
    stage.state === 'leased'
      ? trials.map(({ id }) => ({ kind: 'pause-requested', trialId: id, isPausing: true }) as const)
      : pauseWaiting(state, stage, trials),
  );
}

/** Trials that were only asked to pause go on as if they had not been. */
export function decideResume(state: State, event: Stamped<Steering>): readonly Fact[] {
  const wanted = wantedTrials(state, event);
  const asked = wanted.filter(({ isPausing }) => isPausing);
  const paused = wanted.filter((trial) => trial.state === 'paused');
  return [
    ...asked.map(({ id }) => ({ kind: 'pause-requested', trialId: id, isPausing: false }) as const),
    ...byStage(state, paused).flatMap(([stage, trials]) => resumeSome(state, stage, trials)),
  ];
}

/** What becomes of a stage that waits again, when some of its trials were to pause at a boundary that never came. */
export function pauseAsAsked(state: State, stage: Stage): readonly Fact[] {
  const pausing = openTrials(state, stage).filter(({ isPausing }) => isPausing);
  return pausing.length === 0 ? [] : pauseWaiting(state, stage, pausing);
}

function pauseWaiting(state: State, stage: Stage, trials: readonly Trial[]): readonly Fact[] {
  return trials.length === openTrials(state, stage).length
    ? [{ kind: 'stage-paused', stageId: stage.id }]
    : [splitOff(stage, trials, 'paused')];
}

function resumeSome(state: State, stage: Stage, trials: readonly Trial[]): readonly Fact[] {
  return trials.length === openTrials(state, stage).length
    ? [{ kind: 'stage-resumed', stageId: stage.id }]
    : [splitOff(stage, trials, 'pending')];
}

/** Open trials that an event is about. */
export function wantedTrials(
  state: State,
  { sweepId, trialId }: Pick<Steering, 'sweepId' | 'trialId'>,
): readonly Trial[] {
  const ids = trialId === null ? (state.trialsOf.get(sweepId) ?? []) : [trialId];
  return ids
    .filter((id) => isOpen(state, id))
    .map((id) => state.trials.get(id))
    .filter((trial) => trial !== undefined);
}

/** Trials by the stage that they are in, in the order of their first. */
export function byStage(
  state: State,
  trials: readonly Trial[],
): readonly (readonly [Stage, readonly Trial[]])[] {
  return [...groupBy(trials, ({ stageId }) => stageId)].flatMap(([stageId, group]) => {
    const stage = state.stages.get(stageId);
    return stage === undefined ? [] : [[stage, group] as const];
  });
}
