// Which process speaks for an agent: two that have the same state folder, one of them a copy, would take turns in losing each other's work.
// Promise: a process that another has taken the place of speaks for the agent no more.

import { EspalierError } from '../../src/domain/errors.ts';

/** Processes of the past that are remembered of an agent. */
const PAST_MOST = 16;

/** Known by what each process calls itself; forgotten when the coordinator ends. */
export class Incarnations {
  readonly #of = new Map<string, readonly string[]>();

  /** Hears that a process speaks for an agent. @throws EspalierError `forbidden` for one that was there before another */
  hear(agentId: string, incarnation: string): void {
    const known = this.#of.get(agentId) ?? [];
    if (known.at(-1) === incarnation) return;
    if (known.includes(incarnation))
      throw new EspalierError(
        'forbidden',
        `another process has taken the place of agent ${agentId}: if its state folder is a copy, give one of the two a folder of its own with --agent-state`,
      );
    this.#of.set(agentId, [...known, incarnation].slice(-PAST_MOST));
  }
}
