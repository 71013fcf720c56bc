// What the times of a strategy or of a mix of trials must be. Judged by the least of several runs: what is above it is the machine's.

import type { Times } from './evaluate.ts';

/** For a million steps of any strategy, in one stretch or in epochs. */
const MILLION_STEPS_MOST_MS = 100;
/** For the learning rates of an epoch of 10,000 steps of 1,000 members, and who of them goes on alike. */
const BOUNDARY_MOST_MS = 1000;

/** What was timed, and what is wrong with it, if anything. */
export type Check = { readonly claim: string; readonly flaw: string | undefined };

/** Looks at all strategies together. */
export function checkStrategies(all: ReadonlyMap<string, Times>): Check {
  const slow = [...all].flatMap(([name, { stretch, epochs }]) => {
    const ms = Math.max(Math.min(...stretch), Math.min(...epochs));
    return ms < MILLION_STEPS_MOST_MS ? [] : [`${name} takes ${ms.toFixed(0)} ms`];
  });
  return {
    claim: `a million steps of any of ${all.size} settings take less than ${MILLION_STEPS_MOST_MS} ms`,
    flaw: slow.length === 0 ? undefined : slow.join(', '),
  };
}

/** Looks at all mixes together, each with its milliseconds of several runs. */
export function checkMixes(all: ReadonlyMap<string, readonly number[]>): Check {
  const slow = [...all].flatMap(([name, ms]) => {
    const least = Math.min(...ms);
    return least < BOUNDARY_MOST_MS ? [] : [`${name} takes ${least.toFixed(0)} ms`];
  });
  return {
    claim: `any mix is told apart in less than ${BOUNDARY_MOST_MS} ms`,
    flaw: slow.length === 0 ? undefined : slow.join(', '),
  };
}
