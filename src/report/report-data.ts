// What a report is made of, as it is inlined into the page: plain data, read once, the same for Node.js and for the browser.
// Promise: only JSON. A number that JSON cannot carry is its name ("NaN", "Infinity", "-Infinity"), as everywhere in Espalier.

import type { JsonNumber } from '../domain/json-number.ts';
import type { Mode } from '../domain/objective.ts';

/** The sweep as it stood when the report was made. Times are wall time in milliseconds since 1970. */
export type SweepData = {
  readonly name: string;
  readonly state: string;
  readonly metric: string;
  readonly mode: Mode;
  readonly at: 'best' | 'last';
  readonly epochsTotal: number;
  /** Epochs that trials have behind them, and how many were trained for that. */
  readonly epochsDelivered: number;
  readonly epochsTrained: number;
  readonly submittedMs: number;
  readonly endedMs: number | null;
  readonly seeds: readonly number[];
};

/** A strategy with its values, a config and a length of training: what is repeated over the seeds. */
export type SettingData = {
  readonly strategy: string;
  /** The values that the sweep file gives. */
  readonly label: string;
  /** The config's values on the axes that have more than one. */
  readonly config: string;
  /** Every field of the strategy, and every value of the config. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly configFields: Readonly<Record<string, unknown>>;
  readonly epochs: number;
};

/** A trial. `setting` is its setting's place in the list. */
export type TrialData = {
  readonly number: number;
  readonly setting: number;
  readonly seed: number;
  readonly state: string;
  readonly done: number;
  /** What it counts by, once it has completed with a finite value. */
  readonly value: number | null;
  /** The best finite value so far, with its 0-based epoch. */
  readonly best: number | null;
  readonly bestEpoch: number | null;
  readonly last: JsonNumber | null;
  readonly seconds: number;
  readonly message: string;
  /** Its stages from the root on, by their places in the list. */
  readonly path: readonly number[];
  readonly curves: CurveData;
};

/** Of one trial: metrics after `epochs` epochs each, and learning rates as points over the epochs trained. */
export type CurveData = {
  /** Epochs behind each value; left out where they are 1, 2, 3, … */
  readonly epochs?: readonly number[];
  /** Name → value after each of these epochs; null where it was not reported. */
  readonly metrics: Readonly<Record<string, readonly (JsonNumber | null)[]>>;
  /** x, y, x, y, …: first, extreme and last rate of each epoch, without points on a level line. */
  readonly rates: readonly number[];
};

/** A stage of the tree. `parent` is a place in the list, -1 for a root. */
export type StageData = {
  readonly id: string;
  readonly parent: number;
  readonly from: number;
  readonly recorded: number;
  readonly repeated: number;
  /** How long its recorded epochs took together. */
  readonly seconds: number;
  readonly reproducible: boolean;
  readonly state: string;
};

/** With what it was trained and made. */
export type OriginData = {
  readonly sweepFile: string;
  readonly versions: readonly string[];
  readonly numerics: readonly string[];
  readonly agents: readonly string[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly madeMs: number;
};

/** Everything. */
export type ReportData = {
  readonly sweep: SweepData;
  readonly settings: readonly SettingData[];
  readonly trials: readonly TrialData[];
  readonly stages: readonly StageData[];
  readonly origin: OriginData;
  /** What was not taken into the file, in sentences. */
  readonly leftOut: readonly string[];
};
