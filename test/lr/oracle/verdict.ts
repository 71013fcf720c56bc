// What a test can say about a golden trace. A table is a list of groups; together they name every case of a file once.

import type { OracleCase, Settings } from './files.ts';

/** Our learning rates from the first step on: values and for how many steps each holds, such as `0.1*6 0.05*2`. */
export type Runs = string;

/** Our spelling of a case's settings; `total` is the length of the training where that is not the length of the trace. */
export type ToSpec = {
  (oracle: OracleCase): Settings;
  readonly total?: (oracle: OracleCase) => number;
};

/** Our learning rates at some steps or from one step to another: `100:4e-7 11-64:0`. */
export type Places = string;

/** A verdict with the ids of its cases. `runs` and `places` are what we give where we differ on purpose. */
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
      readonly kind: 'departs';
      readonly ids: readonly string[];
      readonly toSpec: ToSpec;
      readonly reason: string;
      readonly places: Readonly<Record<string, Places>>;
    }
  | {
      readonly kind: 'refused';
      readonly ids: readonly string[];
      readonly toSpec: ToSpec;
      readonly reason: string;
      readonly field: string;
    }
  | { readonly kind: 'out-of-scope'; readonly ids: readonly string[]; readonly reason: string }
  | { readonly kind: 'all-out-of-scope'; readonly count: number; readonly reason: string };

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

/**
 * We give other learning rates than the reference, for this reason, in these places, and the same everywhere else. Of a case in
 * which the reference raises, only the places are compared.
 */
export function departs(
  toSpec: ToSpec,
  reason: string,
  places: Readonly<Record<string, Places>>,
): Group {
  return { kind: 'departs', toSpec, reason, places, ids: Object.keys(places) };
}

/** We refuse these settings because of `field`. */
export function refused(toSpec: ToSpec, reason: string, field: string, ids: string): Group {
  return { kind: 'refused', toSpec, reason, field, ids: split(ids) };
}

/** No strategy of ours claims to do this. */
export function outOfScope(reason: string, ids: string): Group {
  return { kind: 'out-of-scope', reason, ids: split(ids) };
}

/** No strategy of ours claims to do what any of the `count` cases of this list is about. */
export function allOutOfScope(reason: string, count: number): Group {
  return { kind: 'all-out-of-scope', reason, count };
}

function split(ids: string): readonly string[] {
  return ids.split(/\s+/).filter((id) => id !== '');
}
