// What the coordinator knows. Plain data; `evolve` is its only maker, everyone else reads.
// Metrics are not here: they are rows in the store. Only each trial's latest and best value of the objective is kept.

import type { Config, SweepSpec } from '../../src/domain/sweep.ts';
import type { Find, FoundRates } from '../../src/lr/find.ts';
import type { StrategySpec } from '../../src/lr/spec.ts';

/** A moment: monotonic milliseconds decide, wall milliseconds are only shown. */
export type Now = { readonly monoMs: number; readonly wallMs: number };

/** A file by content. */
export type FileRef = {
  /** Relative to the sweep file's folder, with `/`. */
  readonly path: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
};

/** A sweep runs until its last trial has ended or it is cancelled as a whole. */
export type SweepState = 'running' | 'completed' | 'cancelled';
/** How a trial can end; it stays so. */
export type FinalTrialState = 'completed' | 'failed' | 'diverged' | 'cancelled';
/** A trial is `running` while its stage is leased; a person has paused it while it is `paused`. */
export type TrialState = 'pending' | 'running' | 'paused' | FinalTrialState;

/** Trials of a sweep by state. */
export type TrialCounts = Readonly<Record<TrialState, number>>;

/** The counts of a sweep without trials. */
export const NO_TRIALS: TrialCounts = {
  pending: 0,
  running: 0,
  paused: 0,
  completed: 0,
  failed: 0,
  diverged: 0,
  cancelled: 0,
};

/** A submitted sweep. Wall times are milliseconds since 1970. */
export type Sweep = {
  readonly id: string;
  /** SHA-256 over spec, bundle and files: two submissions with the same one are the same sweep. */
  readonly fingerprint: string;
  readonly spec: SweepSpec;
  readonly sweepFile: string;
  readonly bundle: FileRef;
  readonly files: readonly FileRef[];
  readonly submittedWallMs: number;
  readonly state: SweepState;
  readonly endedWallMs: number | null;
  /** Which sweep gets free slots first: the higher one. The sweep file's, until a person says otherwise. */
  readonly priority: number;
};

/** One config with one strategy and one seed. */
export type Trial = {
  readonly id: string;
  readonly sweepId: string;
  /** From 1, in the order of the grid; clones come after it. */
  readonly number: number;
  readonly config: Config;
  readonly strategy: StrategySpec;
  readonly seed: number;
  /** How many epochs it trains in all. */
  readonly epochs: number;
  /** What people see of the strategy and of the config's axes. */
  readonly strategyLabel: string;
  readonly configLabel: string;
  readonly state: TrialState;
  /** Why it failed, diverged or was cancelled. */
  readonly message: string;
  readonly epochsDone: number;
  /** The best value of the objective, always finite, and its epoch, from 0. */
  readonly best: { readonly epoch: number; readonly value: number } | null;
  /** The latest value of the objective; NaN where it was not reported. */
  readonly last: number | null;
  /** Of the latest step. */
  readonly learningRate: number | null;
  /** The stage that trains it now, or trained it last. */
  readonly stageId: string;
  /** True once a person has asked that it pauses, until the boundary at which it does. */
  readonly isPausing: boolean;
  /** The trial that it is a clone of; null for one of the grid. */
  readonly clonedFrom: string | null;
  /** Which trial of its sweep gets free slots first: the higher one. 0 until a person says otherwise. */
  readonly priority: number;
};

/** What range tests of one config suggest, by one way to test and to read the curve. */
export type FoundRate = FoundRates & {
  readonly find: Find;
  /** Of the seeds that suggest one. */
  readonly least: number;
  readonly greatest: number;
  /** How many seeds suggest one, of how many. */
  readonly found: number;
  readonly tested: number;
  /** How it was chosen, for people. */
  readonly words: string;
};

/** What range tests of one config suggest no learning rate for, and why, in words. */
export type MissingRate = { readonly find: Find; readonly words: string };

/** Names a checkpoint: the stage that saved it, and the epochs behind it, counted from the start of the trials. */
export type CheckpointRef = { readonly stageId: string; readonly epoch: number };

/** What a stage can resume from: files by content, on agents' disks and, once it is stored, with the coordinator. */
export type Checkpoint = CheckpointRef & {
  /** SHA-256 of its manifest. */
  readonly id: string;
  /** Paths are relative to the checkpoint's own folder. */
  readonly files: readonly FileRef[];
  readonly sizeBytes: number;
  readonly isStored: boolean;
  /** Agents that have it on their disks. */
  readonly agentIds: readonly string[];
};

/** The right of an agent to run one attempt of a stage on one slot. It lasts as long as contact with the agent does. */
export type Lease = {
  readonly agentId: string;
  readonly slot: string;
  /** What the attempt resumes from; null: it begins from scratch. */
  readonly start: CheckpointRef | null;
  /** When it was granted. */
  readonly grantedWallMs: number;
  /** True once the trial stands and says what it computes with. */
  readonly isOpen: boolean;
};

/** A stretch of epochs, trained once for all its members. */
export type Stage = {
  readonly id: string;
  readonly sweepId: string;
  /** The first stage on its path: itself for a root. */
  readonly rootId: string;
  readonly parentId: string | null;
  /** Its first epoch, from 0, counted from the start of its trials. */
  readonly fromEpoch: number;
  /**
   * Ids of the trials that began it, and of clones that have epochs of it or have joined it, by rising number. Those that have gone on
   * elsewhere have another `stageId`.
   */
  readonly members: readonly string[];
  /** The most epochs that one of them trains in all. */
  readonly untilEpoch: number;
  readonly state: 'pending' | 'leased' | 'paused' | 'ended';
  /** Number of the latest grant; 0 before the first. */
  readonly attempt: number;
  readonly lease: Lease | null;
  /** Epochs of this stage in the store, counted from `fromEpoch`. */
  readonly recordedEpochs: number;
  /** Epochs that were trained again after a failure. */
  readonly repeatedEpochs: number;
  /** False once a repeated epoch differed from its record. */
  readonly reproducible: boolean;
  /** Optimizer steps of an epoch; known once an attempt has opened. */
  readonly stepsPerEpoch: number | null;
  /** Backend, version, threads and device: what decides the bits. */
  readonly numerics: string | null;
  /** Failures of the trial itself, and of the hosts it ran on. */
  readonly failures: number;
  readonly losses: number;
  /** The latest failure and the epoch that it came in: the same twice means that a further try is pointless. */
  readonly lastFailure: string;
};

/** A slot that an agent offers. */
export type Slot = {
  readonly name: string;
  readonly kind: 'gpu' | 'cpu';
  readonly description: string;
};

/** An agent that was seen at least once. */
export type Agent = {
  readonly id: string;
  /** Changes with every start of the agent. */
  readonly incarnation: string;
  readonly name: string;
  readonly version: string;
  /** No two of one name. */
  readonly slots: readonly Slot[];
  /** `lost` was silent too long, `gone` has left in good order. */
  readonly state: 'connected' | 'lost' | 'gone';
  /** True if it hands over what it runs and is given nothing new. */
  readonly draining: boolean;
  /** True once a person has asked for that; forgotten when the agent starts anew. */
  readonly isToLeave: boolean;
  /** Sequence number of its latest report that was taken. */
  readonly lastSequence: number;
};

/**
 * When an agent was last heard (never since the coordinator's start: null), and until when its leases last; monotonic
 * milliseconds. Not stored: a restart gives every agent a grace period.
 */
export type Contact = { readonly seenMonoMs: number | null; readonly untilMonoMs: number };

/**
 * An attempt that ended on a slot before its trial was open. The host's losses count each, a stage's own failures once: `key` tells
 * them apart. Shared: nothing has opened on the agent's other slots since.
 */
export type Strike = {
  readonly slot: string;
  readonly key: string;
  readonly isShared: boolean;
};

/** A slot that was set aside, for which time in a row, and what went wrong last. */
export type Aside = {
  readonly untilMonoMs: number;
  readonly times: number;
  readonly message: string;
};

/** Everything. */
export type State = {
  readonly sweeps: ReadonlyMap<string, Sweep>;
  readonly trials: ReadonlyMap<string, Trial>;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly agents: ReadonlyMap<string, Agent>;
  readonly contacts: ReadonlyMap<string, Contact>;
  /** Trial ids of a sweep, in order. */
  readonly trialsOf: ReadonlyMap<string, readonly string[]>;
  readonly counts: ReadonlyMap<string, TrialCounts>;
  readonly totals: ReadonlyMap<string, Totals>;
  /** The best trial of a sweep so far, by its id; absent while no trial has a value. */
  readonly leaders: ReadonlyMap<string, string>;
  /** Trials of a sweep that people have given another priority than 0; absent where there are none. */
  readonly prioritisedOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Stages of a sweep without a lease that have still to run, in the order of `queue.ts`. */
  readonly pendingOf: ReadonlyMap<string, readonly string[]>;
  /** Stages that have not ended, by the root of their tree. */
  readonly openOf: ReadonlyMap<string, ReadonlySet<string>>;
  /** Checkpoints that are held, by the stage that saved them, in order of their epochs. */
  readonly checkpoints: ReadonlyMap<string, readonly Checkpoint[]>;
  /** What an agent's slots are leased to: slot → stage. */
  readonly leasesOf: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Stages that wait before they are tried again: stage → monotonic milliseconds. Not stored. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Seconds that an epoch of a sweep takes, averaged over the latest ones. Not stored. */
  readonly paces: ReadonlyMap<string, number>;
  /** What a slot turned out to compute with, by {@link toSlotKey}. Not stored. */
  readonly numericsOf: ReadonlyMap<string, string>;
  /** Agents that are silent for too long and held by the brake: agent → monotonic milliseconds until which at most. Not stored. */
  readonly held: ReadonlyMap<string, number>;
  /** By agent, since a trial last opened there. Not stored. */
  readonly strikes: ReadonlyMap<string, readonly Strike[]>;
  /** By {@link toPlaceKey}, until a trial opens there; the time may be over. Not stored. */
  readonly aside: ReadonlyMap<string, Aside>;
};

/** Epochs of a sweep that were trained and recorded, that were trained again, and stages of which one then differed. */
export type Totals = {
  readonly trained: number;
  readonly repeated: number;
  readonly notReproducible: number;
};

/** The totals of a sweep that has not begun. */
export const NO_EPOCHS: Totals = { trained: 0, repeated: 0, notReproducible: 0 };

/** The numerics of a slot can differ from sweep to sweep, since each names its backends. */
export function toSlotKey(sweepId: string, agentId: string, slot: string): string {
  return JSON.stringify([sweepId, agentId, slot]);
}

/** A slot of an agent. */
export function toPlaceKey(agentId: string, slot: string): string {
  return JSON.stringify([agentId, slot]);
}

/** A coordinator that has just been installed. */
export function emptyState(): State {
  return {
    sweeps: new Map(),
    trials: new Map(),
    stages: new Map(),
    agents: new Map(),
    contacts: new Map(),
    trialsOf: new Map(),
    counts: new Map(),
    totals: new Map(),
    leaders: new Map(),
    prioritisedOf: new Map(),
    pendingOf: new Map(),
    openOf: new Map(),
    checkpoints: new Map(),
    leasesOf: new Map(),
    waiting: new Map(),
    paces: new Map(),
    numericsOf: new Map(),
    held: new Map(),
    strikes: new Map(),
    aside: new Map(),
  };
}

/** True while an agent is neither lost nor gone, however long it has been silent. */
export function isConnected(state: State, agentId: string): boolean {
  return state.agents.get(agentId)?.state === 'connected';
}

/** True once nothing can change a trial any more. */
export function isFinal(state: TrialState): state is FinalTrialState {
  return state !== 'pending' && state !== 'running' && state !== 'paused';
}
