// Something from outside. The loop stamps each with the time; nothing else brings time into a decision.

import type { Metrics } from '../../src/domain/objective.ts';
import type { Config, SweepSpec } from '../../src/domain/sweep.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type { Prefix } from './clone/prefix.ts';
import type { AppliedRates } from './fact.ts';
import type { CheckpointRef, FileRef, FoundRate, MissingRate, Now, Slot } from './model.ts';

/** What an agent reports of an attempt. Epochs count from 0 from the start of the trial, steps from 0 in their epoch. */
export type ReportItem =
  | {
      /** The trial is built and its data are open. */
      readonly kind: 'opened';
      readonly stepsPerEpoch: number;
      readonly backend: string;
      readonly numerics: string;
    }
  | {
      /** An epoch has been trained; `seconds` is how long it took. */
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly metrics: Metrics;
      readonly rates: AppliedRates;
      readonly seconds: number;
      /** The metrics on record for this epoch, where there are some; looked up by the loop. */
      readonly recorded?: Metrics;
    }
  | {
      /** Learning rates step by step, of an epoch whose report follows. */
      readonly kind: 'series';
      readonly epoch: number;
      readonly fromStep: number;
      readonly values: readonly number[];
    }
  | {
      /** Output of the trial; `droppedBytes` were left out just before it. */
      readonly kind: 'log';
      readonly offsetBytes: number;
      readonly droppedBytes: number;
      readonly data: Uint8Array;
    }
  | {
      /** A checkpoint lies on the agent's disk, whole; `epoch` epochs are behind it. */
      readonly kind: 'checkpoint';
      readonly epoch: number;
      readonly id: string;
      readonly files: readonly FileRef[];
    }
  | {
      /** Members part before `epoch`, into classes of trial numbers; `inPlace` goes on at once, if one does. */
      readonly kind: 'forked';
      readonly epoch: number;
      readonly classes: readonly (readonly number[])[];
      readonly inPlace: number | null;
    }
  | {
      /** Range tests have found learning rates for the stage's config, or none by some way to test and to read the curves. */
      readonly kind: 'rates';
      readonly rates: readonly FoundRate[];
      readonly missing: readonly MissingRate[];
    }
  | {
      /** The attempt is over. `lost` is the host's failure, `failed` the trial's own, `released` nobody's. */
      readonly kind: 'ended';
      readonly outcome: 'completed' | 'diverged' | 'failed' | 'lost' | 'released';
      readonly message: string;
    };

/** One report of an agent about one attempt. */
export type Report = {
  readonly kind: 'reported';
  readonly agentId: string;
  /** Rises with every report of the agent, also over its restarts. */
  readonly sequence: number;
  readonly stageId: string;
  readonly attempt: number;
  readonly item: ReportItem;
};

/** One attempt of one stage. */
export type AttemptRef = { readonly stageId: string; readonly attempt: number };

/** An agent is there. `incarnation` changes with its every start; `leaving` says that it has stopped all it ran. */
export type Heartbeat = {
  readonly kind: 'heartbeat';
  readonly agentId: string;
  readonly incarnation: string;
  readonly name: string;
  readonly version: string;
  readonly slots: readonly Slot[];
  readonly draining: boolean;
  readonly leaving: boolean;
  /** Its reports up to this number have been acknowledged to it. */
  readonly acknowledged: number;
  /** Attempts that it has taken up and of whose end it has not been told that it is known. */
  readonly running: readonly AttemptRef[];
};

/** A person hands in a sweep; `again` makes a new one even if the same is there already. */
export type Submission = {
  readonly kind: 'submitted';
  readonly spec: SweepSpec;
  /** The text that `spec` was parsed from. */
  readonly sweepFile: string;
  /** SHA-256 over spec, bundle and files. */
  readonly fingerprint: string;
  readonly bundle: FileRef;
  readonly files: readonly FileRef[];
  readonly again: boolean;
};

/** A person changes what becomes of a trial, or of a whole sweep. */
export type Steering = {
  readonly kind: 'cancelled' | 'paused' | 'resumed' | 'retried';
  readonly sweepId: string;
  /** Null for all trials of the sweep. */
  readonly trialId: string | null;
  /** Who, where that is known. */
  readonly by?: string | undefined;
};

/** A person changes which sweep gets free slots first, or which trial of it. */
export type Prioritising = {
  readonly kind: 'prioritised';
  readonly sweepId: string;
  /** Null for the sweep itself. */
  readonly trialId: string | null;
  readonly priority: number;
  readonly by?: string | undefined;
};

/** A person wants a trial like another one, with some values changed. All values are good. */
export type Cloning = {
  readonly kind: 'cloned';
  readonly fromTrialId: string;
  readonly config: Config;
  readonly strategy: StrategySpec;
  readonly seed: number;
  readonly epochs: number;
  /** What it has in common with trials that are on record; null: nothing. */
  readonly prefix: Prefix | null;
  /** What differs, for people. */
  readonly changes: readonly string[];
  readonly by?: string | undefined;
};

/** A person wants an agent to hand over what it runs, and leave. */
export type Drain = { readonly kind: 'drained'; readonly agentId: string };

/** A person wants the agents that the brake holds to be given up. */
export type GiveUp = { readonly kind: 'given-up' };

/** A person trusts an agent again, whatever has failed on it. */
export type Trust = { readonly kind: 'trusted'; readonly agentId: string };

/** The coordinator has all files of a checkpoint. */
export type Upload = { readonly kind: 'uploaded'; readonly id: string } & CheckpointRef;

/** The coordinator itself stood still for a while (stopped, or busy with one thing), and has heard nobody. */
export type Standstill = { readonly kind: 'stood-still'; readonly ms: number };

/** Whatever can happen; `tick` says that time has passed. */
export type Event =
  | Submission
  | Heartbeat
  | Report
  | Steering
  | Prioritising
  | Cloning
  | Drain
  | GiveUp
  | Trust
  | Upload
  | Standstill
  | { readonly kind: 'tick' };

/** An event with its time. */
export type Stamped<E extends Event = Event> = E & { readonly now: Now };
