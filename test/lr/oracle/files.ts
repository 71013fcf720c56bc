// The golden traces in test/oracle/, as they lie on disk. Numbers that JSON lacks are strings there; null is a missing metric.

import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../oracle/', import.meta.url);

/** A reference's own spelling of its settings. */
export type Settings = Readonly<Record<string, unknown>>;

/** A number, or one of "NaN", "Infinity", "-Infinity"; null stands for a metric that was not reported. */
export type Written = number | string | null;

/** A case of any file: what is absent does not exist there. */
export type OracleCase = {
  readonly id: string;
  readonly cfg?: Settings;
  readonly lr0?: number;
  readonly seq?: string;
  readonly lr?: readonly number[];
  readonly momentum?: readonly number[];
  /** What PyTorch's `.step()` was told, an epoch maybe with a fraction; `lr` then has the learning rates after each. */
  readonly step_args?: readonly number[];
  readonly scale?: readonly number[];
  readonly factor?: readonly number[];
  readonly f64?: readonly number[];
  readonly error?: string;
  readonly stride?: number;
  readonly wait?: readonly number[];
  readonly cooldown?: readonly number[];
  readonly best?: readonly Written[];
  readonly lr_trace?: readonly (readonly [number, number])[];
  readonly rows?: readonly (readonly [number, number])[];
  readonly lr_policy?: string;
  readonly base_lr?: number;
  readonly max_lr?: number;
  readonly stepsize?: number;
  readonly gamma?: number;
  readonly stepvalues?: readonly number[];
  readonly values?: readonly Written[];
  readonly a?: Side;
  readonly b?: Side;
  readonly horizon?: number;
  readonly common_prefix_rel_1e12?: number;
  readonly models?: string;
  readonly epochs?: number;
  readonly min_common_prefix_lr_entries?: number;
};

/** One of the two schedules of a claim about shared prefixes; a plateau's settings stand there by themselves. */
export type Side = Settings & { readonly strategy?: string; readonly cfg?: Settings };

/** Reads the list `list` of the file `name`.json in test/oracle. */
export function readOracle(name: string, list = 'cases'): readonly OracleCase[] {
  const cases = readFileOf(name)[list];
  if (cases === undefined) throw new Error(`${name}.json has no list ${list}`);
  return cases;
}

function readFileOf(name: string): Readonly<Record<string, readonly OracleCase[]>> {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

/** The files of golden traces and the lists of cases in each, as `file/list`. */
export function oracleLists(): readonly string[] {
  const files = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  return files.flatMap((file) =>
    Object.keys(readFileOf(file))
      .filter((list) => list !== 'meta')
      .map((list) => `${file}/${list}`),
  );
}

/** The number that a written one stands for. */
export function toNumber(value: Written): number | undefined {
  return value === null ? undefined : Number(value);
}

const SEQUENCES = new Map(
  readOracle('metric_sequences', 'sequences').map(({ id, values = [] }) => [id, values]),
);

/** Metrics of each epoch of a named sequence, as the metric `m`. */
export function toMetrics(sequence: string): readonly Readonly<Record<string, number>>[] {
  const values = SEQUENCES.get(sequence);
  if (values === undefined) throw new Error(`no sequence ${sequence}`);
  return values.map((value): Record<string, number> => {
    const number = toNumber(value);
    return number === undefined ? {} : { m: number };
  });
}
