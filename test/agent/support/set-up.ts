// What most tests of the agent begin with: a coordinator that says what the test wants, and an agent that can be started.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentOptions } from '../../../agent/options.ts';
import type { AttemptEnded } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { FakeCoordinator } from './fake-coordinator.ts';
import { poll } from './poll.ts';
import { type StartedAgent, startAgent } from './start-agent.ts';

/** All that a test works with. */
export type Bench = {
  readonly coordinator: FakeCoordinator;
  /** The agent's state folder. */
  readonly state: string;
  readonly start: (options?: Partial<AgentOptions>) => StartedAgent;
  /** The end of a stage, once it is reported. */
  readonly ending: (stageId?: string) => Promise<AttemptEnded>;
};

/** A coordinator, and the way to start an agent for it. */
export async function setUp(): Promise<Bench> {
  const coordinator = await FakeCoordinator.start();
  const state = temporaryFolder();
  return {
    coordinator,
    state,
    start: (options = {}) => startAgent({ coordinator: coordinator.address, state, ...options }),
    ending: async (stageId = 's1') =>
      poll(`the end of ${stageId}`, () => coordinator.of('ended', stageId)[0]?.ended),
  };
}

/** Holds trials whose config names its file: they answer for the epochs below a number. */
export class Gate {
  readonly path = join(temporaryFolder(), 'gate');

  constructor(below = 0) {
    this.open(below);
  }

  /** Lets epochs below this number be answered for. */
  open(below: number): void {
    writeFileSync(this.path, String(below));
  }
}
