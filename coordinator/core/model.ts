// What the coordinator knows. Plain data; `evolve` is its only maker, everyone else reads.
// Metrics are not here: they are rows in the store. Only each trial's latest and best value of the objective is kept.

import type { Config, SweepSpec } from '../../src/domain/sweep.ts';
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
/** A trial is `running` while its stage is leased. */
export type TrialState = 'pending' | 'running' | FinalTrialState;

/** Trials of a sweep by state. */
export type TrialCounts = Readonly<Record<TrialState, number>>;

/** The counts of a sweep without trials. */
export const NO_TRIALS: TrialCounts = {
  pending: 0,
  running: 0,
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
};

/** One config with one strategy and one seed. */
export type Trial = {
  readonly id: string;
  readonly sweepId: string;
  /** From 1, in the order of the grid. */
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
};

/** The right of an agent to run one attempt of a stage on one slot. It lasts as long as contact with the agent does. */
export type Lease = { readonly agentId: string; readonly slot: string };

/** A stretch of epochs, trained once for all its members. */
export type Stage = {
  readonly id: string;
  readonly sweepId: string;
  readonly parentId: string | null;
  /** Its first epoch, from 0, counted from the start of its trials. */
  readonly fromEpoch: number;
  /** Ids of the trials that it trains, the leading one first. */
  readonly members: readonly string[];
  readonly state: 'pending' | 'leased' | 'ended';
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
  /** True if it finishes what it runs and is given nothing new. */
  readonly draining: boolean;
  /** Sequence number of its latest report that was taken. */
  readonly lastSequence: number;
};

/**
 * When an agent was last heard (never since the coordinator's start: null), and until when its leases last; monotonic
 * milliseconds. Not stored: a restart gives every agent a grace period.
 */
export type Contact = { readonly seenMonoMs: number | null; readonly untilMonoMs: number };

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
  /** Stages without a lease that have still to run, in order of their leading trial. */
  readonly pendingOf: ReadonlyMap<string, readonly string[]>;
  /** What an agent's slots are leased to: slot → stage. */
  readonly leasesOf: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Stages that wait before they are tried again: stage → monotonic milliseconds. Not stored. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Seconds that an epoch of a sweep takes, averaged over the latest ones. Not stored. */
  readonly paces: ReadonlyMap<string, number>;
};

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
    pendingOf: new Map(),
    leasesOf: new Map(),
    waiting: new Map(),
    paces: new Map(),
  };
}

/** True while an agent is neither lost nor gone, however long it has been silent. */
export function isConnected(state: State, agentId: string): boolean {
  return state.agents.get(agentId)?.state === 'connected';
}

/** True once nothing can change a trial any more. */
export function isFinal(state: TrialState): state is FinalTrialState {
  return state !== 'pending' && state !== 'running';
}
