// Sweeps that say `exclusive: true`: no two processes train the same trial at once. Their agents stop in time when they are cut off;
// here is what the coordinator waits for. Promise: a stage whose attempt it ends by itself is not granted before that is told.

import type { Limits } from './limits.ts';
import type { Stage, State } from './model.ts';

/** Milliseconds that a stage waits whose attempt the coordinator ends while its process runs: by then the agent knows, or has stopped it. */
export function waitForProcess(state: State, { sweepId }: Stage, limits: Limits): number {
  return state.sweeps.get(sweepId)?.spec.exclusive === true ? limits.lostMs : 0;
}
