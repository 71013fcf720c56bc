// How busy agents say that their devices are. Shown to people, never stored, and nothing is decided by it.

import type { DeviceLoad, SessionRequest } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { AgentView } from '../../src/wire/generated/espalier/v1/sweep.ts';

/** The latest loads of each agent. */
export class Loads {
  readonly #of = new Map<string, readonly DeviceLoad[]>();

  /** Takes those of a heartbeat that is in order, of its slots and of its host; an agent that leaves has none. */
  take({ agentId, slots, loads, leaving }: SessionRequest): void {
    const byName = new Map(loads.map((load) => [load.slot, load]));
    const known = ['', ...slots.map(({ name }) => name)].flatMap((name) => byName.get(name) ?? []);
    if (leaving) this.#of.delete(agentId);
    else this.#of.set(agentId, known);
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
