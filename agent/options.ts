// What an agent can be told, and what it does when it is not.

import { fileURLToPath } from 'node:url';
import type { Gpu } from './device/nvidia-smi.ts';
import { type Confinement, CONFINEMENTS } from './trial/confinement.ts';

/** How an agent is started. Durations are milliseconds. */
export type AgentOptions = {
  /** The coordinator, `host:port`. */
  readonly coordinator: string;
  /** The state folder, made when it is not there: identity, unacknowledged reports, code and data, checkpoints, logs. One agent each. */
  readonly state: string;
  /** One line for each thing that happens. */
  readonly log: (line: string) => void;
  /** Shown to people; the host's name unless given. */
  readonly name?: string;
  /** What lets it in at a coordinator with protection: once, its certificate is kept in the state folder. */
  readonly token?: string;
  /** Works also for a coordinator without protection on another machine. */
  readonly insecure?: boolean;
  /** CPU slots to offer; unless given, none besides GPUs, and half the cores on a host without. */
  readonly slots?: number;
  /** Aborted: take nothing new, hand over what runs at the end of its epoch, or let it finish where it cannot be saved, and leave. Without `drain` and `stop` the signals of the process do this. */
  readonly drain?: AbortSignal;
  /** Aborted: stop what runs, leave. */
  readonly stop?: AbortSignal;
} & Partial<AgentSettings>;

/** What has a default. */
export type AgentSettings = {
  readonly heartbeatMs: number;
  /** After which a connection that is not ready is given up and begun anew. */
  readonly connectMs: number;
  /** How long trials go on without a coordinator. */
  readonly orphanMs: number;
  /** How long a trial may take to open: loading, building, first compilation. */
  readonly openedMs: number;
  /** How long a trial may be silent in an epoch; any time unless given. */
  readonly epochMs: number | undefined;
  /** Between the request to a trial's process to end, and its end by force. */
  readonly graceMs: number;
  /** How long a process without work is kept for the next stage of its sweep. */
  readonly idleMs: number;
  /** The program of a trial's process and its arguments. */
  readonly trialArgv: readonly string[];
  readonly findGpus: (() => Promise<readonly Gpu[]>) | undefined;
  /** What says how busy the GPUs are; nvidia-smi unless given. */
  readonly askLoads: (() => Promise<string>) | undefined;
  /** What may hold a trial's tree together: the first that works on this host does. */
  readonly confinements: readonly Confinement['kind'][];
};

/** The defaults, as the documentation states them. */
export const DEFAULT_SETTINGS: AgentSettings = {
  heartbeatMs: 5_000,
  connectMs: 10_000,
  orphanMs: 30 * 60_000,
  openedMs: 120_000,
  epochMs: undefined,
  graceMs: 2_000,
  idleMs: 30_000,
  trialArgv: [process.execPath, toTrialMain()],
  findGpus: undefined,
  askLoads: undefined,
  confinements: CONFINEMENTS,
};

/** Options with a value for every setting. */
export function withDefaults(options: AgentOptions): AgentOptions & AgentSettings {
  return { ...DEFAULT_SETTINGS, ...options };
}

/** The trial process's program, beside this file in the installation. */
function toTrialMain(): string {
  return fileURLToPath(new URL('../src/trial/main.js', import.meta.url));
}
