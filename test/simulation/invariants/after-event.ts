// What must hold after everything that happens in a simulated world.

import type { SimulatedAgent } from '../simulated-agent.ts';
import type { SimulatedCoordinator } from '../simulated-coordinator.ts';
import type { Trainers } from '../trainers.ts';
import type { Invariant } from './invariant.ts';

/** As much of a simulation as is looked at. */
export type World = {
  readonly coordinator: Pick<SimulatedCoordinator, 'state' | 'errors'>;
  readonly agents: readonly Pick<SimulatedAgent, 'id' | 'acknowledged'>[];
  readonly trainers: Pick<Trainers, 'overlaps'>;
  /** How often an older copy has taken the coordinator's place. */
  readonly restored: number;
};

export const AFTER_EVENT: readonly Invariant<World>[] = [
  {
    name: 'no-error',
    promises: [2, 9],
    says: 'no handler and no commit fails: every write of an attempt finds the row that it changes',
    find: ({ coordinator }) => coordinator.errors.map(String),
  },
  {
    name: 'acknowledged-is-on-record',
    promises: [3],
    says: 'no agent has heard an acknowledgement of a report that the rows do not have, unless an older copy took their place',
    find: ({ coordinator, agents, restored }) =>
      agents
        .filter(
          ({ id, acknowledged }) =>
            restored === 0 && acknowledged > (coordinator.state.agents.get(id)?.lastSequence ?? 0),
        )
        .map(({ id, acknowledged }) => `report ${acknowledged} of ${id} is not on record`),
  },
  {
    name: 'exclusive-alone',
    promises: [7],
    says: 'no trial of an exclusive sweep is trained by two processes at once',
    find: ({ trainers }) => trainers.overlaps(),
  },
];
