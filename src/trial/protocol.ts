// The lines that agent and trial process exchange, as in docs/trial-protocol.md. Types and codec, nothing else.

import type { Config } from '../domain/sweep.ts';

/** A number, or the name of one that JSON lacks. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

/** What the agent asks of the process. Paths are absolute. */
export type Command =
  | {
      readonly kind: 'open';
      readonly bundle: string;
      readonly files: string;
      readonly config: Config;
      readonly seed: number;
      readonly epochs: number;
      readonly backends: readonly string[];
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly learning_rate: number | readonly number[];
      readonly momentum?: number | readonly number[];
    }
  | {
      readonly kind: 'range_test';
      /** One for each step of the test. */
      readonly learning_rate: readonly number[];
      readonly stop_factor: number;
    }
  | { readonly kind: 'save'; readonly path: string }
  | { readonly kind: 'restore'; readonly path: string }
  | { readonly kind: 'close' };

/** What the process answers. */
export type Answer =
  | {
      readonly kind: 'opened';
      readonly steps_per_epoch: number;
      readonly backend: string;
      readonly numerics: string;
      readonly can_save: boolean;
    }
  | {
      readonly kind: 'trained';
      readonly epoch: number;
      readonly metrics: Readonly<Record<string, JsonNumber>>;
      readonly steps: number;
      readonly learning_rate: JsonNumber;
      readonly seconds: number;
    }
  | {
      readonly kind: 'range_tested';
      /** One for each step that was trained. */
      readonly losses: readonly JsonNumber[];
      /** Why the rest was not trained. */
      readonly stopped: string | null;
    }
  | { readonly kind: 'saved' }
  | { readonly kind: 'restored' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack?: string };

/** A number as JSON can carry it. */
export function toJsonNumber(value: number): JsonNumber {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a number that is not finite has one of three names
  return Number.isFinite(value) ? value : (String(value) as JsonNumber);
}

/** The number that {@link toJsonNumber} was given. */
export function fromJsonNumber(value: JsonNumber): number {
  return Number(value);
}
