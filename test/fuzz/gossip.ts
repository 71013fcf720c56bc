// What those who fuzz have heard of leases, so that some of what they report is listened to.

import { SessionRequest, SessionResponse } from '../../src/wire/generated/espalier/v1/agent.ts';
import type { Dice } from '../support/dice.ts';

/** A lease that an agent was told of. */
export type Lease = {
  readonly agentId: string;
  readonly stageId: string;
  readonly attempt: number;
  readonly members: number;
};

/** Gossip of one test. */
export class Gossip {
  readonly #leases: Lease[] = [];
  readonly #sequences = new Map<string, number>();

  /** Takes in an answer to what an agent said in a session. */
  hear(said: Buffer | undefined, answer: Buffer): void {
    const { agentId } = SessionRequest.decode(said ?? Buffer.alloc(0));
    const { assignments, takenSequence } = SessionResponse.decode(answer);
    const known = this.#sequences.get(agentId) ?? 0;
    this.#sequences.set(agentId, Math.max(known, takenSequence));
    for (const { stageId, attempt, memberCount: members } of assignments)
      this.#leases.push({ agentId, stageId, attempt, members });
  }

  /** One of the latest leases; undefined if there was none. */
  pick(dice: Dice): Lease | undefined {
    const latest = this.#leases.slice(-4);
    return latest.length === 0 ? undefined : dice.pick(latest);
  }

  /** The next number of a report of an agent. */
  next(agentId: string): number {
    const next = (this.#sequences.get(agentId) ?? 0) + 1;
    this.#sequences.set(agentId, next);
    return next;
  }
}
