// The part of a plan that says how many epochs are trained, with sharing and without.

import type { SweepSpec } from '../../domain/sweep.ts';
import type { Plan, Trained } from '../../plan/plan-sweep.ts';
import { plural } from '../words.ts';

/** What the bounds assume where strategies follow metrics. */
export const ASSUMES = {
  least:
    'At least: a plateau never parts from a trial that began alike, as where its metric keeps improving.',
  most: 'At most: plateaus share what is known beforehand (up to the epoch of the first cut possible) and what equal settings must share, nothing else.',
  both: "Both take the first value of a plateau's metric to be finite.",
} as const;

/** The lines about epochs. */
export function epochLines({ sharing }: SweepSpec, plan: Plan): readonly string[] {
  const { delivered, trained } = plan;
  if (sharing === 'off') return offLines(plan);
  return [
    `epochs without sharing: ${delivered}`,
    trained === undefined
      ? `epochs with sharing: ${missingSteps(plan)}`
      : `epochs with sharing: ${toRange(trained)} (${toRatio(delivered, trained)} times fewer)`,
    ...boundLines(plan),
  ];
}

/** What a run trains. */
export function epochsOfRun(
  { sharing }: SweepSpec,
  { delivered, trained }: Plan,
): { readonly least: number; readonly most: number } | undefined {
  if (sharing === 'off') return { least: delivered, most: delivered };
  return trained && { least: trained.least, most: trained.most };
}

function offLines(plan: Plan): readonly string[] {
  const { delivered, trained } = plan;
  const would = trained
    ? `sharing would make it ${toRange(trained)} (${toRatio(delivered, trained)} times fewer)`
    : `with sharing: ${missingSteps(plan)}`;
  return [
    `epochs: ${delivered}, every trial alone, as sharing is off; ${would}`,
    ...boundLines(plan),
  ];
}

function missingSteps({ stepsPerEpoch: steps }: Plan): string {
  const fields = steps.kind === 'missing' ? steps.fields.join(', ') : '';
  return `not known without the number of steps in an epoch (it matters to ${fields}); say steps_per_epoch: N in the sweep file, or --steps-per-epoch N`;
}

function boundLines({
  trained,
  stepsPerEpoch: steps,
  unsavable,
  families,
}: Plan): readonly string[] {
  if (trained === undefined) return [];
  const isOpen = trained.followsMetrics && trained.least < trained.most;
  const lines: readonly (string | false)[] = [
    unsavable > 0 &&
      `Trials of ${unsavable} of ${plural(families, 'family')} cannot be saved and restored: they share nothing, and start anew where they are cut off.`,
    ...(isOpen ? Object.values(ASSUMES) : []),
    trained.hasOwn &&
      "Strategies of one's own are not looked at: at most they share nothing, at least they never part from a trial of the same family.",
    !trained.isComplete &&
      'The sweep is too big to look at every step: bounds may be wide and notes missing.',
    steps.kind === 'assumed' &&
      trained.hasMoved &&
      `Counted and drawn with ${steps.count} steps an epoch; say steps_per_epoch: N in the sweep file, or --steps-per-epoch N.`,
  ];
  return lines.filter((line) => line !== false);
}

function toRange({ least, most }: Trained): string {
  return least === most ? String(least) : `at least ${least}, at most ${most}`;
}

function toRatio(delivered: number, { least, most }: Trained): string {
  const [low, high] = [(delivered / most).toFixed(2), (delivered / least).toFixed(2)];
  return low === high ? low : `${low} to ${high}`;
}
