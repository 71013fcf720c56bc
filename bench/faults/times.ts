// The times of the bench: those of the documentation, shortened so that what takes minutes takes seconds.

import type { AgentSettings } from '../../agent/options.ts';
import type { Limits } from '../../coordinator/core/limits.ts';

/** Of the coordinator. A stage may lose as many hosts as there are kills. */
export const LIMITS = {
  suspectMs: 1_500,
  lostMs: 3_000,
  graceMs: 6_000,
  backoffMs: 100,
  backoffMostMs: 1_000,
  losses: 1_000,
  asideMs: 1_000,
  asideMostMs: 2_000,
} satisfies Partial<Limits>;

/** Of the agents. */
export const SETTINGS = { heartbeatMs: 250 } satisfies Partial<AgentSettings>;

/** How long an agent stays away that is to be lost. */
export const LATE_MS = LIMITS.lostMs + 1_500;

/** What differs from the defaults, for people. */
export function describeTimes(): string {
  const times = Object.entries({ ...LIMITS, ...SETTINGS }).map(
    ([name, value]) => `${name} ${value}`,
  );
  return `not as by default: ${times.join(', ')}`;
}
