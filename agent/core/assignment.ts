// An assignment as it comes over the wire, checked and turned into what an attempt needs.
// Promise: nothing from outside is used as a path, a hash or a strategy before it was seen to be one.

import { EspalierError } from '../../src/domain/errors.ts';
import type { Objective } from '../../src/domain/objective.ts';
import type { Config } from '../../src/domain/sweep.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type {
  Assignment,
  Checkpoint,
  SessionResponse,
  Member as WireMember,
} from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Wishes } from './boundary.ts';
import type { MemberSpec } from './cohort.ts';
import { isInnerPath, isSha256, type SizedFile } from '../../src/domain/names.ts';

/** A file of the sweep, by content. */
export type FileRef = { readonly path: string; readonly sha256: string };

/** What an attempt resumes from; `epoch` epochs are behind it. */
export type Start = {
  readonly id: string;
  readonly epoch: number;
  readonly files: readonly SizedFile[];
};

/** The code and data that a stage needs. */
export type Sources = { readonly bundleSha256: string; readonly files: readonly FileRef[] };

/** One attempt of one stage. */
export type StageAttempt = Sources & {
  readonly stageId: string;
  readonly attempt: number;
  readonly sweepId: string;
  readonly config: Config;
  readonly seed: number;
  readonly fromEpoch: number;
  readonly recordedEpochs: number;
  readonly backends: readonly string[];
  readonly objective: Pick<Objective, 'metric' | 'mode'>;
  /** Undefined: from scratch. */
  readonly start: Start | undefined;
  readonly checkpointEvery: number;
  readonly keep: string;
  /** The most epochs that any trial of the sweep trains. */
  readonly mostEpochs: number;
  /** True: its process has ended before its end is told. */
  readonly exclusive: boolean;
};

/** An assignment with the data files of its sweep. */
export type SourcedAssignment = Assignment & Pick<SessionResponse['files'][number], 'files'>;

/** The assignments of a message, each with the data files of its sweep. */
export function toSourced({
  assignments,
  files,
}: Pick<SessionResponse, 'assignments' | 'files'>): readonly SourcedAssignment[] {
  const bySweep = new Map(files.map((sweep) => [sweep.sweepId, sweep.files]));
  return assignments.map((assignment) => ({
    ...assignment,
    files: bySweep.get(assignment.sweepId) ?? [],
  }));
}

/** Reads an assignment. Throws `EspalierError('invalid')` for one that this release cannot run. */
export function parseAssignment(wire: SourcedAssignment): StageAttempt {
  return {
    stageId: wire.stageId,
    attempt: wire.attempt,
    sweepId: wire.sweepId,
    ...parseSources(wire),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of a sweep file that the coordinator found good
    config: parseObject('config', wire.configJson) as Config,
    seed: wire.seed,
    fromEpoch: wire.fromEpoch,
    recordedEpochs: wire.recordedEpochs,
    backends: wire.backends,
    objective: parseObjective(wire.objective),
    start: wire.start && parseStart(wire.start),
    checkpointEvery: Math.max(1, wire.checkpointEvery),
    keep: wire.keep,
    mostEpochs: wire.mostEpochs,
    exclusive: wire.exclusive,
  };
}

/** What an assignment wants of an attempt that runs. */
export function toWishes({ absent, pausing, bestValue }: Assignment): Wishes {
  return {
    absent: new Set(absent),
    pausing: new Set(pausing),
    bestValue,
    isToLeave: false,
  };
}

/** The trials of a stage. Throws `EspalierError('invalid')` for a strategy that is none. */
export function parseMembers(members: readonly WireMember[]): readonly MemberSpec[] {
  if (members.length === 0) throw refuse('it has no members');
  return members.map(({ trialId, number, strategyJson, epochs }) => {
    const spec = parseObject(`strategy of trial ${trialId}`, strategyJson);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- parseStrategy sees it before it is used
    return { trialId, number, spec: spec as StrategySpec, epochs };
  });
}

/** The code and data that an assignment names. Throws `EspalierError('invalid')` for names that are not safe. */
export function parseSources(wire: Pick<SourcedAssignment, 'bundleSha256' | 'files'>): Sources {
  const hashes = [wire.bundleSha256, ...wire.files.map(({ sha256 }) => sha256)];
  const hash = hashes.find((candidate) => !isSha256(candidate));
  if (hash !== undefined) throw refuse(`${JSON.stringify(hash)} is not a SHA-256`);
  const file = wire.files.find(({ path }) => !isInnerPath(path));
  if (file !== undefined) {
    throw refuse(`the file ${JSON.stringify(file.path)} would leave the sweep's folder`);
  }
  const files = wire.files.map(({ path, sha256 }) => ({ path, sha256 }));
  return { bundleSha256: wire.bundleSha256, files };
}

function parseStart({ checkpointId, epoch, files }: Checkpoint): Start {
  const wrong = files.find(({ path, sha256 }) => !isInnerPath(path) || !isSha256(sha256));
  if (wrong !== undefined || !isSha256(checkpointId))
    throw refuse(`its checkpoint has names that are not safe`);
  return { id: checkpointId, epoch, files };
}

function parseObjective(wire: Assignment['objective']): Pick<Objective, 'metric' | 'mode'> {
  const { metric = '', mode = '' } = wire ?? {};
  if (metric === '' || (mode !== 'min' && mode !== 'max')) {
    throw refuse(`its objective is ${JSON.stringify({ metric, mode })}`);
  }
  return { metric, mode };
}

function parseObject(what: string, json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, in the same words as for JSON of another kind.
  }
  throw refuse(`its ${what} is not a JSON object`);
}

function refuse(why: string): EspalierError {
  return new EspalierError('invalid', `the coordinator's assignment cannot be run: ${why}`);
}
