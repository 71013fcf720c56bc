// The coordinator's numbers. Whoever starts a coordinator from code can set any of them (tests shorten the times), and so can
// `espalier coordinator --limit`. Bounds of single messages are the same everywhere: src/domain/bounds.ts.

/** Times in milliseconds, counts as they are. */
export type Limits = {
  /** Silence after which an agent is given nothing new. */
  readonly suspectMs: number;
  /** Silence after which an agent's leases end. */
  readonly lostMs: number;
  /** After a start of the coordinator, no lease ends before this. */
  readonly graceMs: number;
  /** Before its next attempt a stage waits `backoffMs · 2ⁿ`, where n counts its failures, or losses, before this one. */
  readonly backoffMs: number;
  /** The longest such wait. */
  readonly backoffMostMs: number;
  /** Attempts that may be lost with their hosts before the trial is given up. */
  readonly losses: number;
  /** When at least this share of all agents is silent at once, none of them is counted as lost. */
  readonly brakeShare: number;
  /** With fewer agents than this that is not so. */
  readonly brakeLeast: number;
  /** The longest that they are not counted as lost. */
  readonly brakeMs: number;
  /** After so many losses, or failures of different stages, in a row before anything could train, a slot is set aside. */
  readonly strikes: number;
  /** A slot that is set aside for the n-th time is given nothing for `asideMs · 2ⁿ`. */
  readonly asideMs: number;
  /** The longest such time. */
  readonly asideMostMs: number;
  /** Agents that are known at once, those included that have left. */
  readonly agentsMost: number;
  /** Sweeps that are kept: all of them are held in memory. */
  readonly sweepsMost: number;
  /** Trials of all sweeps that are kept: all of them are held in memory. */
  readonly trialsMost: number;
  /** Bytes of output that are kept of a stage, over all its attempts; a chunk costs 64 bytes besides its own. */
  readonly logBytesMost: number;
  /** Events that wait for a commit. */
  readonly eventsMost: number;
  /** Watchers at once. */
  readonly watchersMost: number;
  /** Uploads at once. */
  readonly uploadsMost: number;
  /** A watcher or a download that takes nothing for so long, and an upload of which nothing comes, is cut off. */
  readonly stallMs: number;
  /** Connections at once, also of peers that have not said yet who they are. */
  readonly connectionsMost: number;
  /** Connections of one address at once. */
  readonly connectionsOfAddressMost: number;
};

/** The defaults, as the documentation states them. */
export const DEFAULT_LIMITS: Limits = {
  suspectMs: 30_000,
  lostMs: 90_000,
  graceMs: 300_000,
  backoffMs: 10_000,
  backoffMostMs: 360_000,
  losses: 10,
  brakeShare: 0.55,
  brakeLeast: 4,
  brakeMs: 1_800_000,
  strikes: 3,
  asideMs: 60_000,
  asideMostMs: 1_800_000,
  agentsMost: 10_000,
  sweepsMost: 10_000,
  trialsMost: 1_000_000,
  logBytesMost: 16 * 1024 * 1024,
  eventsMost: 20_000,
  watchersMost: 256,
  uploadsMost: 64,
  stallMs: 60_000,
  connectionsMost: 4_096,
  connectionsOfAddressMost: 1_024,
};
