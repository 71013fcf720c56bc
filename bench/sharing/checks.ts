// What must be true of a grid that was trained with sharing and without.

import type { SweepSpec } from '../../src/domain/sweep.ts';
import { trials } from '../../src/space/grid.ts';
import { countByBruteForce, followsMetrics } from './count-by-brute-force.ts';
import type { GridRun } from './grid-run.ts';
import type { Recording } from './recording.ts';

/** Wall time must follow the epochs at least so far. */
const WALL_SHARE_LEAST = 0.85;
/** The median pause of a stage that goes on in place, as a share of an epoch. */
const PAUSE_SHARE_MOST = 0.1;
/** The median start of a stage from its checkpoint on a warm slot. */
const START_MOST_MS = 50;

/** What was looked at, and what is wrong with it, if anything. */
export type Check = { readonly claim: string; readonly flaw: string | undefined };

/** Looks at everything. */
export function checkGrid(run: GridRun): readonly Check[] {
  const { spec, on, off } = run;
  return [
    checkEnds(spec, on.recording, off.recording),
    checkEqual('leaderboards, rank by rank', on.recording.leaderboard, off.recording.leaderboard),
    checkEqual('histories in every bit', on.recording.lines, off.recording.lines),
    checkRepeats(on.recording, off.recording),
    checkTrainedOff(off.recording),
    checkTrainedOn(spec, on.recording, off.recording),
    checkWall(run),
    checkPause(run),
    checkStart(run),
  ];
}

/** Epochs trained without sharing for one trained with it, and the same of the wall time. */
export function toRatios({ on, off }: GridRun): { readonly epochs: number; readonly wall: number } {
  return {
    epochs: off.recording.trained / on.recording.trained,
    wall: off.seconds / on.seconds,
  };
}

/** The median pause of a stage that forks and goes on in place, as a share of an epoch. */
export function toPauseShare({ on: { pauses } }: GridRun): number {
  return pauses.inPlace.median / pauses.epoch.median;
}

function checkEnds(spec: SweepSpec, on: Recording, off: Recording): Check {
  const epochs = [...trials(spec)].map((trial) => trial.epochs);
  const wanted = `${epochs.length} completed`;
  const claim = `all ${epochs.length} trials completed, with all their epochs`;
  const delivered = epochs.reduce((sum, count) => sum + count, 0);
  const wrong = [on, off].find((one) => one.states !== wanted || one.delivered !== delivered);
  return check(claim, wrong && `${wrong.states}, ${wrong.delivered} of ${delivered} epochs`);
}

function checkEqual(what: string, on: readonly string[], off: readonly string[]): Check {
  const claim = `the same ${what} (${off.length} rows)`;
  const at = Array.from({ length: Math.max(on.length, off.length) }).findIndex(
    (_, i) => on[i] !== off[i],
  );
  const flaw = `row ${at + 1} is "${on[at]}" with sharing and "${off[at]}" without`;
  return check(claim, at === -1 && on.length > 0 ? undefined : flaw);
}

/** An attempt that failed and was tried again leaves no other trace in the results. */
function checkRepeats(on: Recording, off: Recording): Check {
  const sum = (pick: (one: Recording) => number): number => pick(on) + pick(off);
  const repeated = sum((one) => one.repeated);
  const irreproducible = sum((one) => one.irreproducible);
  const troubles = [...on.troubles, ...off.troubles];
  const isGood = repeated + irreproducible + troubles.length === 0;
  const counts = `${repeated} repeated epochs, ${irreproducible} stages not reproducible`;
  const flaw = [counts, ...troubles].join('; ');
  return check('no attempt failed, no epoch was repeated', isGood ? undefined : flaw);
}

function checkTrainedOff({ trained, delivered }: Recording): Check {
  const flaw = `${trained} were trained for ${delivered}`;
  return check(
    'without sharing every epoch was trained for one trial',
    trained === delivered ? undefined : flaw,
  );
}

/** Strategies that follow metrics are led through the histories that were recorded without sharing. */
function checkTrainedOn(spec: SweepSpec, on: Recording, off: Recording): Check {
  const source = followsMetrics(spec) ? 'the histories recorded without it' : 'the sweep file';
  const counted = followsMetrics(spec)
    ? countByBruteForce(spec, off.stepsPerEpoch, off.histories)
    : countByBruteForce(spec, off.stepsPerEpoch);
  return check(
    `with sharing ${counted} epochs were trained: as many as beginnings are counted in ${source}`,
    on.trained === counted ? undefined : `${on.trained} were trained`,
  );
}

function checkWall(run: GridRun): Check {
  const { epochs, wall } = toRatios(run);
  const share = wall / epochs;
  const claim = `wall time follows the epochs by at least ${WALL_SHARE_LEAST}`;
  return check(claim, share >= WALL_SHARE_LEAST ? undefined : `by ${share.toFixed(3)}`);
}

/** Also a flaw where there is none to measure: every one of these grids forks. */
function checkPause(run: GridRun): Check {
  const share = toPauseShare(run);
  const claim = `a fork that goes on in place pauses for less than ${PAUSE_SHARE_MOST} of an epoch`;
  return check(claim, share < PAUSE_SHARE_MOST ? undefined : `for ${share.toFixed(3)}`);
}

function checkStart({ on: { pauses } }: GridRun): Check {
  const { median } = pauses.fromCheckpoint;
  const claim = `a stage starts from its checkpoint within ${START_MOST_MS} ms`;
  return check(claim, median < START_MOST_MS ? undefined : `in ${median.toFixed(1)} ms`);
}

function check(claim: string, flaw: string | undefined): Check {
  return { claim, flaw };
}
