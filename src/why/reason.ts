// Why a trial, or a sweep, is as it is: reasons as plain data. What is told of them is made in one place, `words.ts`.
// Epochs count from 0; `epoch` is the next one that is to be trained. Times are milliseconds: `…AtMs` since 1970, others lengths.

/** What a slot trains. */
export type Work = {
  /** `agent:slot`. */
  readonly place: string;
  readonly sweepId: string;
  readonly stageId: string;
  /** Numbers of its trials, the first of them. */
  readonly trials: readonly number[];
  readonly trialCount: number;
  readonly epoch: number;
  readonly untilEpoch: number;
  /** Since when. */
  readonly sinceAtMs: number;
};

/** An agent from which nothing is heard. `silentMs` is null where it has not been heard since the coordinator started. */
export type Silence = {
  readonly agent: string;
  readonly silentMs: number | null;
  /** After how long it counts as lost. */
  readonly lostInMs: number;
  /** Whether it is not counted as lost, since too many fell silent at once. */
  readonly isHeld: boolean;
};

/** Why a trial waits for a slot. */
export type WaitReason =
  /** Its last attempt did not end well; the next one is not made yet. */
  | {
      readonly kind: 'back-off';
      readonly stageId: string;
      readonly remainingMs: number;
      readonly failures: number;
      readonly losses: number;
      /** When the last attempt ended; null where nothing is on record. */
      readonly atMs: number | null;
    }
  /** Another stage of its config carries out the range tests that it waits for. */
  | {
      readonly kind: 'range-test';
      readonly stageId: string;
      readonly place: string;
      readonly sinceAtMs: number;
    }
  | { readonly kind: 'no-agent'; readonly lost: readonly string[] }
  /** Agents are there, and none has such a slot. */
  | { readonly kind: 'no-such-slot'; readonly wanted: string; readonly offered: number }
  | {
      readonly kind: 'slots-busy';
      readonly wanted: string;
      readonly busy: number;
      readonly of: number;
      readonly first: readonly Work[];
    }
  | {
      readonly kind: 'agents-silent';
      readonly slots: number;
      readonly agents: readonly Silence[];
    }
  | { readonly kind: 'agents-leaving'; readonly slots: number; readonly agents: readonly string[] }
  | {
      readonly kind: 'slots-aside';
      readonly slots: readonly {
        readonly place: string;
        readonly remainingMs: number;
        readonly message: string;
      }[];
    }
  /** Free slots are of agents that cannot have the checkpoint yet that it goes on from. */
  | {
      readonly kind: 'checkpoint-elsewhere';
      readonly slots: number;
      readonly stageId: string;
      readonly epoch: number;
      readonly agents: readonly string[];
    }
  | {
      readonly kind: 'numerics-differ';
      readonly needs: string;
      readonly slots: readonly { readonly place: string; readonly has: string }[];
    }
  /** A free slot takes none of the first stages of the queue, and is not looked at for more. */
  | { readonly kind: 'looked-past'; readonly slots: number; readonly ahead: number }
  /** It is given to a slot in the next moment. */
  | { readonly kind: 'starts-now'; readonly place: string }
  | {
      readonly kind: 'behind-stages';
      readonly ahead: number;
      /** Of the highest of its trials. */
      readonly priority: number;
      readonly first: readonly {
        readonly stageId: string;
        readonly trials: readonly number[];
        readonly priority: number;
      }[];
    }
  | {
      readonly kind: 'behind-sweeps';
      readonly priority: number;
      readonly sweeps: readonly {
        readonly sweepId: string;
        readonly priority: number;
        readonly stages: number;
      }[];
    };

/** What else holds now. Times that are null in it are put in from the record, where there is one. */
export type NowReason =
  | WaitReason
  /** What an attempt goes on from, or would. `fromStageId` null: it begins from scratch. */
  | {
      readonly kind: 'start';
      readonly stageId: string;
      readonly fromStageId: string | null;
      readonly fromEpoch: number;
      /** Epochs on record that will be trained again for that; null once it runs. */
      readonly again: number | null;
    }
  | {
      readonly kind: 'runs';
      readonly place: string;
      readonly stageId: string;
      readonly attempt: number;
      readonly epoch: number;
      readonly epochs: number;
      /** Other trials that are trained by the same. */
      readonly with: readonly number[];
      readonly withCount: number;
      readonly sinceAtMs: number;
      /** Whether the trial stands and trains. */
      readonly isOpen: boolean;
    }
  /** Range tests come first: these fields are still to be found. */
  | { readonly kind: 'tests-first'; readonly fields: readonly string[] }
  /** The agent that trains it says nothing. */
  | ({ readonly kind: 'agent-silent' } & Silence)
  | { readonly kind: 'pausing'; readonly epoch: number; readonly atMs: number | null }
  | {
      readonly kind: 'paused';
      readonly epoch: number;
      readonly epochs: number;
      readonly atMs: number | null;
    }
  | {
      readonly kind: 'ended';
      readonly state: string;
      readonly epochs: number;
      readonly of: number;
      readonly message: string;
      readonly atMs: number | null;
    }
  /** A person has said that it goes before others of its sweep, or behind them. */
  | { readonly kind: 'priority'; readonly priority: number; readonly atMs: number | null }
  /** A repeated epoch gave other numbers than are on record. */
  | { readonly kind: 'not-reproducible'; readonly stageId: string; readonly atMs: number | null }
  /** The state on record, where no coordinator could be asked. */
  | { readonly kind: 'as-recorded'; readonly state: string; readonly epoch: number };

/** What holds of a sweep as a whole. */
export type SweepReason =
  | {
      readonly kind: 'sweep';
      readonly state: string;
      /** Null where no coordinator could be asked. */
      readonly priority: number | null;
      readonly slotsInUse: number;
      readonly counts: Readonly<Record<string, number>>;
    }
  /** Stages that wait for the same reason, and what it is of the first. */
  | {
      readonly kind: 'stages-waiting';
      readonly stages: number;
      readonly trials: number;
      readonly reason: WaitReason;
    };

/** What has been, from the record. */
export type PastReason =
  /** With its sweep. */
  | { readonly kind: 'submitted'; readonly atMs: number }
  /** Others went on otherwise from this epoch on. */
  | {
      readonly kind: 'parted';
      readonly stageId: string;
      readonly epoch: number;
      readonly classes: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'cloned';
      readonly fromTrialId: string;
      readonly changes: readonly string[];
      /** Epochs that it has from trials that were there. */
      readonly shared: number;
      readonly atMs: number;
      readonly by: string | null;
    }
  /** A person asked for it, of this trial or of the whole sweep. */
  | {
      readonly kind: 'asked';
      readonly what: string;
      readonly isWhole: boolean;
      readonly atMs: number;
      readonly by: string | null;
    }
  /** These epochs were trained once for several trials. */
  | {
      readonly kind: 'shared';
      readonly stageId: string;
      readonly fromEpoch: number;
      /** Exclusive. */
      readonly toEpoch: number;
      readonly with: readonly number[];
      readonly withCount: number;
      /** When the last of them was recorded. */
      readonly atMs: number;
    }
  /** These trials have the same training behind them, all of it. */
  | { readonly kind: 'equals'; readonly trials: readonly string[]; readonly atMs: number }
  /** The plateau strategy cut the learning rate from this epoch on. */
  | {
      readonly kind: 'cut';
      readonly epoch: number;
      readonly from: number;
      readonly to: number;
      readonly metric: string;
      readonly patience: number;
      readonly minDelta: string;
      /** What was to be beaten, null before there was a finite value, and the epoch that it was of. */
      readonly best: number | null;
      readonly bestEpoch: number | null;
      /** The epochs that did not beat it, and their values. */
      readonly bad: readonly { readonly epoch: number; readonly value: number }[];
      /** When the last of them was recorded. */
      readonly atMs: number;
    }
  | {
      readonly kind: 'attempt';
      readonly stageId: string;
      readonly attempt: number;
      readonly place: string;
      readonly grantedAtMs: number;
      readonly endedAtMs: number | null;
      readonly end: string | null;
      readonly message: string;
      readonly fromStageId: string | null;
      readonly fromEpoch: number;
    }
  | {
      readonly kind: 'last-output';
      readonly stageId: string;
      readonly attempt: number;
      readonly lines: readonly string[];
      /** When the attempt ended. */
      readonly atMs: number | null;
    };

/** Any reason. */
export type Reason = NowReason | SweepReason | PastReason;
