// Range tests that come before training. Promise: those of a config run once, in whichever of its stages is granted first; the others of
// the config wait for what they find.

import type { SweepSpec } from '../../src/domain/sweep.ts';
import { hasFindings, isFinding } from '../../src/lr/find.ts';
import { isOpen } from './members.ts';
import type { Stage, State } from './model.ts';

/**
 * What a stage would test first, by a text that all stages of its config share; nothing if it trains at once. Of the trials of a stage some
 * may know their rates already, from one of them that was tested alone.
 */
export function testOf(state: State, stage: Stage): string | undefined {
  const waits = (id: string): boolean => {
    const trial = state.trials.get(id);
    return trial?.stageId === stage.id && isOpen(state, id) && hasFindings(trial.strategy);
  };
  const id = asksForTests(state, stage) ? stage.members.find(waits) : undefined;
  return id === undefined ? undefined : JSON.stringify(state.trials.get(id)?.config);
}

/** By its sweep's file; a clone, which trains by itself as long as it has a rate to find, may where that does not. */
function asksForTests(state: State, { sweepId, members }: Stage): boolean {
  return members.length === 1 || isToFind(state.sweeps.get(sweepId)?.spec);
}

const TO_FIND = new WeakMap<SweepSpec, boolean>();

/** Whether a sweep file leaves anything to be found: said once for each, since it never changes. */
function isToFind(spec: SweepSpec | undefined): boolean {
  if (spec === undefined) return false;
  const known = TO_FIND.get(spec);
  if (known !== undefined) return known;
  const is = spec.learning_rate.some(({ axes }) => Object.values(axes).flat().some(isFinding));
  TO_FIND.set(spec, is);
  return is;
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
