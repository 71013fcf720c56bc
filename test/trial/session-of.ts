// A session without pipes, for tests, and the sending of commands.

import type { Catalogue } from '../../src/lr/catalogue.ts';
import type { Trial } from '../../src/trial/define-trial.ts';
import type { Answer, Command } from '../../src/trial/protocol.ts';
import { TrialSession } from '../../src/trial/trial-session.ts';

/** A session that knows one trial, on the backend that the test has started; each look at its clock is a quarter of a second later. */
export function sessionOf(trial: Trial, strategies: Catalogue = {}): TrialSession {
  let ticks = 0;
  return new TrialSession({
    loadTrial: () => Promise.resolve(trial),
    loadStrategies: () => Promise.resolve(strategies),
    selectBackend: () => Promise.resolve({ name: 'cpu', numerics: 'cpu 4.22.0' }),
    now: () => (ticks += 250),
  });
}

/** Sends commands one after another and gives the last answer. */
export async function send(
  session: TrialSession,
  ...commands: readonly Command[]
): Promise<Answer> {
  let answer: Answer = { kind: 'closed' };
  for (const command of commands) answer = await session.handle(command);
  return answer;
}
