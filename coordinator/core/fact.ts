// Something that has become true. A fact carries the result of a decision, never its inputs, so that changing an
// algorithm does not rewrite history. Facts are stored, then applied, and never refused.

import type { Metrics } from '../../src/domain/objective.ts';
import type { Config } from '../../src/domain/sweep.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';
import type {
  Checkpoint,
  CheckpointRef,
  FinalTrialState,
  FoundRate,
  Slot,
  Stage,
  Strike,
  Sweep,
  SweepState,
  Trial,
} from './model.ts';

/** Why a lease ended. Only `failed` counts against the trial; `lost` counts against the hosts. */
export type LeaseEnd =
  | 'completed'
  | 'diverged'
  | 'failed'
  | 'lost'
  | 'withdrawn'
  | 'released'
  | 'forked';

/** Learning rates of an epoch as they reached the optimizer. */
export type AppliedRates = {
  readonly steps: number;
  readonly first: number;
  readonly last: number;
  readonly least: number;
  readonly greatest: number;
  /** As read back from the optimizer after the last step. */
  readonly applied: number;
};

/**
 * What has become true. Epochs count from 0 from the start of the trial, steps from 0 in their epoch, attempts of a stage
 * from 1. `wallMs` is milliseconds since 1970, for people; `monoMs` and the like are monotonic milliseconds, and decide.
 */
export type Fact =
  | { readonly kind: 'sweep-submitted'; readonly sweep: Sweep }
  | { readonly kind: 'trial-created'; readonly trial: Trial }
  /** A person has made it from another one, with these values changed: `lr 0.1`. */
  | {
      readonly kind: 'trial-cloned';
      readonly trialId: string;
      readonly fromTrialId: string;
      readonly changes: readonly string[];
      /** Who, where that is known. */
      readonly by: string | null;
      /** The stages whose epochs it has from others, from the root on; `toEpoch` null: it joins that stage, which waits. */
      readonly path: readonly {
        readonly stageId: string;
        readonly fromEpoch: number;
        readonly toEpoch: number | null;
      }[];
      /** How many epochs that are, and how many it trains in all. */
      readonly epochs: number;
      readonly untilEpoch: number;
    }
  /** A person has changed which sweep gets free slots first. */
  | {
      readonly kind: 'sweep-prioritised';
      readonly sweepId: string;
      readonly priority: number;
      readonly by: string | null;
    }
  /** A person has changed which trial of its sweep gets free slots first. */
  | {
      readonly kind: 'trial-prioritised';
      readonly trialId: string;
      readonly priority: number;
      readonly by: string | null;
    }
  /** A person has asked for what the facts behind it say; of all trials of the sweep where `trialId` is null. */
  | {
      readonly kind: 'person-asked';
      readonly what: 'cancelled' | 'paused' | 'resumed' | 'retried';
      readonly sweepId: string;
      readonly trialId: string | null;
      readonly by: string | null;
    }
  /** Its members leave the stage that they were in, at the new one's first epoch. */
  | { readonly kind: 'stage-created'; readonly stage: Stage }
  | {
      readonly kind: 'agent-joined';
      readonly agentId: string;
      readonly incarnation: string;
      readonly name: string;
      readonly version: string;
      readonly slots: readonly Slot[];
      readonly draining: boolean;
    }
  | {
      readonly kind: 'agent-seen';
      readonly agentId: string;
      readonly monoMs: number;
      readonly untilMonoMs: number;
    }
  | { readonly kind: 'agent-lost'; readonly agentId: string }
  | { readonly kind: 'agent-left'; readonly agentId: string }
  /** Nobody listened to it for so long: that does not count as its silence. */
  | { readonly kind: 'agent-excused'; readonly agentId: string; readonly ms: number }
  /** It is silent for too long, and not counted as lost, since so many of so many agents are silent at once. */
  | {
      readonly kind: 'agent-held';
      readonly agentId: string;
      readonly silent: number;
      readonly of: number;
      readonly untilMonoMs: number;
    }
  /** An attempt failed there before its trial was open. */
  | { readonly kind: 'slot-struck'; readonly agentId: string; readonly strike: Strike }
  /** It is given nothing for a while. */
  | {
      readonly kind: 'slot-set-aside';
      readonly agentId: string;
      readonly slot: string;
      readonly untilMonoMs: number;
      /** What went wrong last. */
      readonly message: string;
    }
  /** A person trusts its slots again. */
  | { readonly kind: 'agent-trusted'; readonly agentId: string }
  /** A person wants the agent to hand over what it runs, and leave. */
  | { readonly kind: 'agent-drained'; readonly agentId: string }
  | {
      readonly kind: 'report-taken';
      readonly agentId: string;
      readonly sequence: number;
      /** True if its attempt is no longer current: nothing else of it was recorded. */
      readonly isStale: boolean;
    }
  /** Reports of an agent that were acknowledged to it are not on record: the record is an older copy. They are taken as told. */
  | {
      readonly kind: 'reports-forgotten';
      readonly agentId: string;
      readonly fromSequence: number;
      readonly toSequence: number;
    }
  /** An agent has taken up an attempt of which nothing is on record: the next one has a higher number. */
  | { readonly kind: 'attempt-passed'; readonly stageId: string; readonly attempt: number }
  | {
      readonly kind: 'lease-granted';
      readonly stageId: string;
      readonly attempt: number;
      readonly agentId: string;
      readonly slot: string;
      /** What it resumes from; null: from scratch. */
      readonly start: CheckpointRef | null;
      readonly wallMs: number;
    }
  | {
      readonly kind: 'lease-ended';
      readonly stageId: string;
      readonly attempt: number;
      readonly end: LeaseEnd;
      readonly message: string;
      /** How a failure is remembered, to be known again; null unless the attempt failed. */
      readonly failure: string | null;
      readonly wallMs: number;
      /** When the stage may be granted again, if it has to wait. */
      readonly waitUntilMonoMs: number | null;
    }
  | {
      readonly kind: 'stage-opened';
      readonly stageId: string;
      readonly attempt: number;
      readonly stepsPerEpoch: number;
      readonly backend: string;
      readonly numerics: string;
    }
  /** What a slot computes with. */
  | {
      readonly kind: 'numerics-learned';
      readonly sweepId: string;
      readonly agentId: string;
      readonly slot: string;
      readonly numerics: string;
    }
  /** The members part; the stages that they go on in follow. */
  | {
      readonly kind: 'stage-forked';
      readonly stageId: string;
      readonly attempt: number;
      readonly epoch: number;
      readonly children: readonly string[];
      /** The child that goes on in place, if one does. */
      readonly inPlace: string | null;
    }
  | {
      readonly kind: 'checkpoint-saved';
      /** Takes the place of one that the stage saved at the same epoch before. */
      readonly checkpoint: Checkpoint;
    }
  /** The coordinator has all files of it. */
  | ({ readonly kind: 'checkpoint-stored' } & CheckpointRef)
  /** Nobody needs it any more. */
  | ({ readonly kind: 'checkpoint-released' } & CheckpointRef)
  /** A person wants a trial that trains to pause at the next boundary, or no longer. */
  | { readonly kind: 'pause-requested'; readonly trialId: string; readonly isPausing: boolean }
  /** A stage that waited, with all trials in it. */
  | { readonly kind: 'stage-paused'; readonly stageId: string }
  | { readonly kind: 'stage-resumed'; readonly stageId: string }
  | {
      readonly kind: 'epoch-recorded';
      readonly stageId: string;
      readonly attempt: number;
      readonly epoch: number;
      readonly metrics: Metrics;
      readonly rates: AppliedRates;
      /** How long the epoch took to train. */
      readonly seconds: number;
      /** The objective's value; NaN where it was not a number. */
      readonly value: number;
      /** True if it is the best so far of the trials in the stage. */
      readonly isBest: boolean;
      readonly wallMs: number;
    }
  | {
      readonly kind: 'epoch-repeated';
      readonly stageId: string;
      readonly attempt: number;
      readonly epoch: number;
      /** Whether the metrics were those on record, bit for bit. */
      readonly isSame: boolean;
    }
  | {
      readonly kind: 'series-recorded';
      readonly stageId: string;
      readonly attempt: number;
      readonly epoch: number;
      readonly fromStep: number;
      readonly values: readonly number[];
    }
  | {
      readonly kind: 'log-recorded';
      readonly stageId: string;
      readonly attempt: number;
      readonly offsetBytes: number;
      readonly droppedBytes: number;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'rates-found';
      readonly sweepId: string;
      readonly config: Config;
      readonly rates: readonly FoundRate[];
      readonly wallMs: number;
    }
  /** What was to be found of a trial's strategy has its values. */
  | {
      readonly kind: 'strategy-settled';
      readonly trialId: string;
      readonly strategy: StrategySpec;
      readonly strategyLabel: string;
    }
  | {
      readonly kind: 'trial-ended';
      readonly trialId: string;
      readonly state: FinalTrialState;
      readonly message: string;
      readonly wallMs: number;
    }
  /** A trial that had failed is tried again; the stage that it goes on in follows. */
  | { readonly kind: 'trial-reopened'; readonly trialId: string }
  | { readonly kind: 'stage-ended'; readonly stageId: string }
  | { readonly kind: 'sweep-reopened'; readonly sweepId: string }
  | {
      readonly kind: 'sweep-ended';
      readonly sweepId: string;
      readonly state: Exclude<SweepState, 'running'>;
      readonly wallMs: number;
    };

/** Each kind of fact by its name. */
export type FactOf = { readonly [F in Fact as F['kind']]: F };
