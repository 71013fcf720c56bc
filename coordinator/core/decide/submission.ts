// A sweep file becomes a sweep, its trials, and one root stage for each of them.

import { nextSweepId, toStageId, toTrialId } from '../../../src/domain/ids.ts';
import type { TrialSpec } from '../../../src/domain/sweep.ts';
import { describeConfig, describeStrategy } from '../../../src/space/describe.ts';
import { trials } from '../../../src/space/grid.ts';
import type { Stamped, Submission } from '../event.ts';
import type { Fact } from '../fact.ts';
import type { Stage, State, Sweep, Trial } from '../model.ts';

/** Nothing if the same sweep is there already and is not wanted again. */
export function decideSubmission(state: State, event: Stamped<Submission>): readonly Fact[] {
  if (!event.again && findSubmitted(state, event.fingerprint) !== undefined) return [];
  const sweep = toSweep(state, event);
  const facts: Fact[] = [{ kind: 'sweep-submitted', sweep }];
  for (const [i, spec] of [...trials(event.spec)].entries()) {
    const trial = toTrial(sweep, spec, i + 1);
    const stage = toRootStage(trial);
    facts.push({ kind: 'trial-created', trial }, { kind: 'stage-created', stage });
  }
  return facts;
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
  };
}

function toTrial(sweep: Sweep, spec: TrialSpec, number: number): Trial {
  const id = toTrialId(sweep.id, number);
  return {
    id,
    sweepId: sweep.id,
    number,
    config: spec.config,
    strategy: spec.learning_rate,
    seed: spec.seed,
    epochs: spec.epochs,
    strategyLabel: describeStrategy(spec, sweep.spec),
    configLabel: describeConfig(spec, sweep.spec),
    state: 'pending',
    message: '',
    epochsDone: 0,
    best: null,
    last: null,
    learningRate: null,
    stageId: toStageId(id, 0),
  };
}

function toRootStage(trial: Trial): Stage {
  return {
    id: trial.stageId,
    sweepId: trial.sweepId,
    parentId: null,
    fromEpoch: 0,
    members: [trial.id],
    state: 'pending',
    attempt: 0,
    lease: null,
    recordedEpochs: 0,
    repeatedEpochs: 0,
    reproducible: true,
    stepsPerEpoch: null,
    numerics: null,
    failures: 0,
    losses: 0,
    lastFailure: '',
  };
}
