// How busy agents say that their devices are. Shown to people, never stored, and nothing is decided by it.

import type { DeviceLoad, SessionRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { AgentView } from '../../src/wire/generated/espalier/v1/sweep.ts';

const LOADS_MOST = 257;

/** The latest loads of each agent. */
export class Loads {
  readonly #of = new Map<string, readonly DeviceLoad[]>();

  /** Takes those of a heartbeat; an agent that leaves has none. */
  take({ agentId, loads, leaving }: SessionRequest): void {
    if (leaving) this.#of.delete(agentId);
    else this.#of.set(agentId, loads.slice(0, LOADS_MOST));
  }

  /** The agent with its loads, unless it is not there any more. */
  addTo(agent: AgentView): AgentView {
    const loads = this.#of.get(agent.agentId);
    if (loads === undefined || agent.state === 'lost' || agent.state === 'gone') return agent;
    const find = (name: string): DeviceLoad | undefined => loads.find(({ slot }) => slot === name);
    const slots = agent.slots.map((slot) => ({ ...slot, load: find(slot.name) }));
    return { ...agent, slots, host: find('') };
  }
}
