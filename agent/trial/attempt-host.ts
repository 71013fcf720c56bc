// What an attempt needs of the agent around it: sources, checkpoints, a process that trains, and somebody to report to.

import type { SizedFile } from '../../src/domain/names.ts';
import type { Metrics } from '../../src/domain/objective.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import type { ReportRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Sources, StageAttempt, Start } from '../core/assignment.ts';
import type { Wishes } from '../core/boundary.ts';
import type { MemberSpec } from '../core/cohort.ts';

/** What is reported of an attempt. */
export type ReportItem = NonNullable<ReportRequest['item']>;

/** Where the code and data of a stage lie on this machine. */
export type FetchedSources = { readonly bundle: string; readonly files: string };

/** The trial's process, as far as an attempt needs it. */
export type Trainer = {
  ask(command: Command, limitMs?: number): Promise<Answer>;
  /** The last lines of its output. */
  tail(): string;
};

/** Where checkpoints lie on this machine. */
export type CheckpointHost = {
  /** A new empty folder. */
  readonly reserve: () => Promise<string>;
  /** Removes such a folder. */
  readonly discard: (folder: string) => Promise<void>;
  /** Keeps what lies in such a folder under the id of its manifest. */
  readonly keep: (folder: string) => Promise<{ id: string; files: readonly SizedFile[] }>;
  /** The folder of a checkpoint; undefined where it cannot be had any more. */
  readonly fetch: (start: Start) => Promise<string | undefined>;
};

/** What an attempt needs of the agent. Whatever rejects ends the attempt as lost. */
export type AttemptHost = {
  readonly fetchSources: (sources: Sources) => Promise<FetchedSources>;
  readonly fetchMembers: (stageId: string) => Promise<readonly MemberSpec[]>;
  readonly fetchHistory: (stageId: string) => Promise<ReadonlyMap<number, Metrics>>;
  readonly checkpoints: CheckpointHost;
  readonly startTrainer: (stage: StageAttempt) => Promise<Trainer>;
  /** What is wanted of the attempt now. */
  readonly wishes: () => Wishes;
  readonly report: (item: ReportItem) => void;
  readonly limits: { readonly openedMs: number; readonly epochMs?: number };
};
