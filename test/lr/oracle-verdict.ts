// What a test can say about a golden trace. A table is a list of groups; together they name every case of a file once.

import type { OracleCase, Settings } from './oracle-files.ts';

/** Our learning rates from the first step on: values and for how many steps each holds, such as `0.1*6 0.05*2`. */
export type Runs = string;

type ToSpec = (oracle: OracleCase) => Settings;

/** A verdict with the ids of its cases. `runs` is what we give where we differ on purpose. */
export type Group =
  | { readonly kind: 'matches'; readonly ids: readonly string[]; readonly toSpec: ToSpec }
  | {
      readonly kind: 'deviates';
      readonly ids: readonly string[];
      readonly toSpec: ToSpec;
      readonly reason: string;
      readonly runs: Readonly<Record<string, Runs>>;
    }
  | {
      readonly kind: 'refused';
      readonly ids: readonly string[];
      readonly toSpec: ToSpec;
      readonly reason: string;
      readonly field: string;
    }
  | { readonly kind: 'out-of-scope'; readonly ids: readonly string[]; readonly reason: string };

/** The verdicts on one list of one file. */
export type OracleTable = readonly Group[];

/** The strategy that `toSpec` makes of the case has the learning rates of the trace. */
export function matches(toSpec: ToSpec, ids: string): Group {
  return { kind: 'matches', toSpec, ids: split(ids) };
}

/** We give other learning rates than the reference, for this reason: `runs`, by case. */
export function deviates(
  toSpec: ToSpec,
  reason: string,
  runs: Readonly<Record<string, Runs>>,
): Group {
  return { kind: 'deviates', toSpec, reason, runs, ids: Object.keys(runs) };
}

/** We refuse these settings because of `field`. */
export function refused(toSpec: ToSpec, reason: string, field: string, ids: string): Group {
  return { kind: 'refused', toSpec, reason, field, ids: split(ids) };
}

/** No strategy of ours claims to do this. */
export function outOfScope(reason: string, ids: string): Group {
  return { kind: 'out-of-scope', reason, ids: split(ids) };
}

function split(ids: string): readonly string[] {
  return ids.split(/\s+/).filter((id) => id !== '');
}
