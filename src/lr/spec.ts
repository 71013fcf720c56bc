// What a learning-rate strategy is on paper: its name, its fields, and the rules that the fields obey.
// The sweep file's validator and JSON Schema are generated from the table of fields.

/** A strategy with one value for each of its fields, in the sweep file's spelling. */
export type StrategySpec = { readonly strategy: string } & Readonly<Record<string, unknown>>;

/** Units in which a length of training can be written. */
export type DurationUnit = 'epochs' | 'steps';

/** Bounds of a number, of each number of a list, or of the count of a duration in whichever unit it is written. */
export type Bounds = {
  readonly least?: number;
  readonly above?: number;
  readonly most?: number;
  readonly below?: number;
};

/** Which unit a bare number has, and which units may be written out. */
type Lengths = { readonly bare: DurationUnit; readonly units: readonly DurationUnit[] };

/**
 * What a field takes. `duration` is `N epochs`, `N steps` or a bare number in `bare` units; the plurals are lists;
 * `warmup` is `{ length: duration in steps unless said otherwise, start_factor: number from 0 to 1 (0.1) }`.
 */
export type FieldType =
  | ({ readonly kind: 'number' } & Bounds)
  | ({ readonly kind: 'integer' } & Bounds)
  | { readonly kind: 'boolean' }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | ({ readonly kind: 'duration' } & Lengths & Bounds)
  | ({ readonly kind: 'numbers' } & Bounds)
  | ({ readonly kind: 'durations' } & Lengths & Bounds)
  | { readonly kind: 'warmup' };

/** A field of a strategy. Without a default it must be given, unless it is optional. */
export type Field = {
  readonly type: FieldType;
  readonly default?: unknown;
  readonly optional?: true;
  /** Whether a sweep file may leave the value to a range test, as `{ find: … }`. */
  readonly findable?: true;
  /** One sentence with the unit, shown in the schema and the help. */
  readonly about: string;
};

/** A strategy's fields by name, in the order in which people write them. */
export type Fields = Readonly<Record<string, Field>>;
