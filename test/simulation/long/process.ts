// A process of the long simulation: runs its share of the worlds, one after another, and tells of each.

import { inspect } from 'node:util';
import { liveAny } from '../live.ts';
import type { Share, Told } from './deal.ts';

const share: Share = JSON.parse(process.argv[2] ?? '');

// Nobody is left to be told.
const leave = (): never => process.exit(1);
process.once('disconnect', leave);
for (let seed = share.first; seed < share.end; seed += share.parts) tell(await run(seed));
process.off('disconnect', leave);
process.disconnect();

async function run(seed: number): Promise<Told> {
  try {
    const { simulation } = await liveAny(seed, share.steps);
    return { seed, events: simulation.happened };
  } catch (error) {
    return { seed, events: 0, failure: inspect(error) };
  }
}

function tell(told: Told): void {
  process.send?.(told);
}
