// An agent in the test's own process, with the fake trial program and short times.

import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { runAgent } from '../../../agent/main.ts';
import type { AgentOptions } from '../../../agent/options.ts';

/** The fake trial program. */
export const TRIAL_ARGV: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../fixtures/trial.mjs', import.meta.url)),
];

/** A running agent and how to end it. */
export type StartedAgent = {
  readonly done: Promise<void>;
  readonly lines: string[];
  readonly drain: () => void;
  /** Stops it and waits until it is gone. */
  readonly stop: () => Promise<void>;
};

/** Starts an agent; it is stopped when the test is over. */
export function startAgent(
  options: Pick<AgentOptions, 'coordinator' | 'state'> & Partial<AgentOptions>,
): StartedAgent {
  const [drain, stop] = [new AbortController(), new AbortController()];
  const lines: string[] = [];
  const done = runAgent({
    name: 'test',
    slots: 1,
    log: (line) => lines.push(line),
    drain: drain.signal,
    stop: stop.signal,
    heartbeatMs: 50,
    graceMs: 200,
    trialArgv: TRIAL_ARGV,
    findGpus: async () => [],
    ...options,
  });
  const ended = done.catch(() => undefined);
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  onTestFinished(end);
  return { done, lines, drain: () => drain.abort(), stop: end };
}
