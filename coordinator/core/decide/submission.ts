// A sweep file becomes a sweep, its trials, and one root stage for each family, or for each trial where nothing is shared.

import { groupBy } from '../../../src/domain/group-by.ts';
import { nextSweepId, toTrialId } from '../../../src/domain/ids.ts';
import type { TrialSpec } from '../../../src/domain/sweep.ts';
import { hasFindings } from '../../../src/lr/find.ts';
import { describeConfig, describeStrategy } from '../../../src/space/describe.ts';
import { trials as trialsOf } from '../../../src/space/grid.ts';
import type { Stamped, Submission } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { State, Sweep, Trial } from '../model.ts';
import { toRoot } from './stages.ts';

/** Nothing if the same sweep is there already and is not wanted again. */
export function decideSubmission(state: State, event: Stamped<Submission>): readonly Fact[] {
  if (!event.again && findSubmitted(state, event.fingerprint) !== undefined) return [];
  const sweep = toSweep(state, event);
  const created = [...trialsOf(event.spec)].map((spec, i) => toTrial(sweep, spec, i + 1));
  const families = toFamilies(created, event.spec.sharing).map((trials) => {
    const root = toRoot(trials);
    return { root, trials: trials.map((trial) => ({ ...trial, stageId: root.id })) };
  });
  return [
    { kind: 'sweep-submitted', sweep },
    ...families
      .flatMap((family) => family.trials)
      .toSorted((a, b) => a.number - b.number)
      .map((trial) => ({ kind: 'trial-created', trial }) as const),
    ...families.map(({ root }) => ({ kind: 'stage-created', stage: root }) as const),
  ];
}

/** The latest sweep with this fingerprint, whatever has become of it. */
export function findByFingerprint(state: State, fingerprint: string): Sweep | undefined {
  return [...state.sweeps.values()].findLast((sweep) => sweep.fingerprint === fingerprint);
}

/** The latest sweep with this fingerprint that was not cancelled. */
export function findSubmitted(state: State, fingerprint: string): Sweep | undefined {
  return [...state.sweeps.values()].findLast(
    (sweep) => sweep.fingerprint === fingerprint && sweep.state !== 'cancelled',
  );
}

function toSweep(state: State, event: Stamped<Submission>): Sweep {
  const { spec, sweepFile, fingerprint, bundle, files, now } = event;
  return {
    id: nextSweepId(spec.name, (id) => state.sweeps.has(id)),
    fingerprint,
    spec,
    sweepFile,
    bundle,
    files,
    submittedWallMs: now.wallMs,
    state: 'running',
    endedWallMs: null,
    priority: spec.priority,
  };
}

/** A trial that has not begun and has no stage yet. */
export function toTrial(
  sweep: Sweep,
  spec: TrialSpec,
  number: number,
  strategyLabel = describeStrategy(spec, sweep.spec),
): Trial {
  const id = toTrialId(sweep.id, number);
  return {
    id,
    sweepId: sweep.id,
    number,
    config: spec.config,
    strategy: spec.learning_rate,
    seed: spec.seed,
    epochs: spec.epochs,
    strategyLabel,
    configLabel: describeConfig(spec, sweep.spec),
    state: 'pending',
    message: '',
    epochsDone: 0,
    best: null,
    last: null,
    learningRate: null,
    // Known once its family is.
    stageId: '',
    isPausing: false,
    clonedFrom: null,
    priority: 0,
  };
}

/**
 * A family has one config and one seed: its trials differ in their learning rates or epochs alone. Those that wait for range tests are
 * a family of their own, which holds up no others.
 */
function toFamilies(all: readonly Trial[], sharing: 'on' | 'off'): readonly (readonly Trial[])[] {
  if (sharing === 'off') return all.map((trial) => [trial]);
  return [
    ...groupBy(all, ({ config, seed, strategy }) =>
      JSON.stringify([config, seed, hasFindings(strategy)]),
    ).values(),
  ];
}
