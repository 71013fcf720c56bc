// One strategy in one place: its fields, its rules, its functions. A strategy's file exports one Definition.
// Promise: `rules` and `create` see values that already passed the table of fields, typed by that table.

import type { Mode } from '../domain/objective.ts';
import type { Field, FieldType, Fields } from './spec.ts';
import type { Strategy } from './strategy.ts';
import { withWarmup, type WarmupValue } from './warmup.ts';

/** What is wrong with one field: the message says the value received and the rule. */
export type Problem = { readonly field: string; readonly message: string };

/** Which metric a sweep looks at, and which way it is better: the defaults of a strategy that follows metrics. */
export type Monitored = { readonly metric: string; readonly mode: Mode };

/** The value of a field of type `T`. */
type ValueOf<T extends FieldType> = T extends { kind: 'number' | 'integer' }
  ? number
  : T extends { kind: 'boolean' }
    ? boolean
    : T extends { kind: 'text' }
      ? string
      : T extends { kind: 'choice'; choices: readonly (infer C)[] }
        ? C
        : T extends { kind: 'duration' }
          ? string | number
          : T extends { kind: 'numbers' }
            ? readonly number[]
            : T extends { kind: 'durations' }
              ? readonly (string | number)[]
              : WarmupValue;

/** Values of a strategy's fields after defaults. An optional field may be absent. */
export type Values<F extends Fields> = {
  readonly [K in keyof F]:
    | ValueOf<F[K]['type']>
    | (F[K] extends { optional: true } ? undefined : never);
};

/** A strategy as the catalogue holds it. */
export type Definition = {
  /** One sentence: what the strategy does and whose it is. */
  readonly about: string;
  readonly fields: Fields;
  /** Fills the defaults that depend on other fields or on the sweep's objective. */
  complete(values: Readonly<Record<string, unknown>>, objective?: Monitored): object;
  /** Rules across fields, asked only when each field is good by itself. */
  rules(values: Readonly<Record<string, unknown>>): readonly Problem[];
  create(values: Readonly<Record<string, unknown>>): Strategy;
};

/** What a strategy's file says, with values typed by its own table of fields `F`. */
export type Described<F extends Fields> = {
  /** One sentence: what the strategy does and whose it is. */
  readonly about: string;
  /** The table of fields, by the names that they have in a sweep file. */
  readonly fields: F;
  /** Fills defaults that depend on other fields or on the sweep's objective; returns all values. */
  complete?(values: Values<F>, objective?: Monitored): object;
  /** What is wrong between fields that are good each by itself; empty if nothing. */
  rules?(values: Values<F>): readonly Problem[];
  /** The functions for values that have passed the table and the rules. */
  create(values: Values<F>): Strategy;
};

/** The field that every strategy has. */
export const WARMUP: Field = {
  type: { kind: 'warmup' },
  optional: true,
  about:
    'A linear ramp before the strategy, as { length: steps or "N epochs", start_factor: 0.1 }; the strategy then starts at its step 0.',
};

/** Makes a catalogue entry. Every strategy takes `warmup` besides its own fields. */
export function define<const F extends Fields>(described: Described<F>): Definition {
  return {
    complete: (values: Values<F>) => values,
    rules: () => [],
    ...described,
    fields: { ...described.fields, warmup: WARMUP },
    create: (values: Values<F> & { readonly warmup?: WarmupValue }) => {
      const strategy = described.create(values);
      return values.warmup === undefined ? strategy : withWarmup(values.warmup, strategy);
    },
  };
}
