// Range tests that come before training. Promise: those of a config run once, in whichever of its stages is granted first; the others of
// the config wait for what they find.

import { hasFindings } from '../../src/lr/find.ts';
import type { Stage, State } from './model.ts';

/** What a stage would test first, by a text that all stages of its config share; nothing if it trains at once. */
export function testOf(state: State, stage: Stage): string | undefined {
  for (const id of stage.members) {
    const trial = state.trials.get(id);
    if (trial?.stageId === stage.id && hasFindings(trial.strategy))
      return JSON.stringify(trial.config);
  }
  return undefined;
}

/** The tests of a sweep that stages with a lease carry out, and those that are about to have one. */
export function testsUnderWay(
  state: State,
  sweepId: string,
  granted: ReadonlySet<string>,
): ReadonlySet<string> {
  const leased = [...state.leasesOf.values()].flatMap((slots) => [...slots.values()]);
  const tests = [...leased, ...granted]
    .map((id) => state.stages.get(id))
    .filter((stage) => stage?.sweepId === sweepId)
    .map((stage) => stage && testOf(state, stage));
  return new Set(tests.filter((test) => test !== undefined));
}
