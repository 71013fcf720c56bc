// Whether there is room for one more: everything that is known is held in memory.
// Promise: numbers of agents, sweeps and trials stay at their limits, whoever asks; who is known already goes on.

import type { SweepSpec } from '../../src/domain/sweep.ts';
import { countTrials } from '../../src/space/grid.ts';
import type { Limits } from './limits.ts';
import type { State } from './model.ts';

/** Why an agent cannot be taken on; undefined if it can, or is known. */
export function findCrowd(state: State, agentId: string, limits: Limits): string | undefined {
  const { agentsMost } = limits;
  if (state.agents.has(agentId) || state.agents.size < agentsMost) return undefined;
  return `${state.agents.size} agents are known, and agentsMost is ${agentsMost}: an agent that keeps its folder stays the same one; or start the coordinator with a higher --limit agentsMost=…`;
}

/** Why a sweep cannot be taken on; undefined if it can. */
export function findGlut(state: State, spec: SweepSpec, limits: Limits): string | undefined {
  const { sweepsMost } = limits;
  if (state.sweeps.size >= sweepsMost)
    return `${state.sweeps.size} sweeps are kept, and sweepsMost is ${sweepsMost}: ${REMEDY} sweepsMost=…`;
  return findOverflow(state, Number(countTrials(spec)), limits);
}

/** Why so many more trials cannot be taken on; undefined if they can. */
export function findOverflow(
  state: State,
  more: number,
  { trialsMost }: Limits,
): string | undefined {
  const trials = state.trials.size + more;
  if (trials <= trialsMost) return undefined;
  return `${trials} trials would be kept, and trialsMost is ${trialsMost}: ${REMEDY} trialsMost=…`;
}

const REMEDY =
  'start a coordinator with a new --state folder for further sweeps, or this one with a higher --limit';
