// The coordinator's numbers. Whoever starts a coordinator from code can set any of them (tests shorten the times); the
// command line always starts one with the defaults.

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
  /** When at least this share of at least so many agents is silent at once, none of them is counted as lost, for so long at most. */
  readonly brakeShare: number;
  readonly brakeLeast: number;
  readonly brakeMs: number;
  /** After so many losses, or failures of different stages, in a row before anything could train, a slot is given nothing for `asideMs · 2ⁿ`. */
  readonly strikes: number;
  readonly asideMs: number;
  /** The longest such time. */
  readonly asideMostMs: number;
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
};
