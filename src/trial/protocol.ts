// The lines that agent and trial process exchange, as in docs/trial-protocol.md. Types, nothing else.

import type { JsonMetrics, JsonNumber, JsonSeries } from '../domain/json-number.ts';
import type { Config } from '../domain/sweep.ts';
import type { Monitored } from '../lr/definition.ts';
import type { StrategySpec } from '../lr/spec.ts';

/** Where a strategy of one's own stands: its state, absent before its start, and the epochs that it has not seen. */
export type OwnRequest = {
  readonly strategy: StrategySpec;
  readonly epochs: number;
  readonly state?: unknown;
  readonly seen: readonly {
    readonly epoch: number;
    readonly metrics: JsonMetrics;
  }[];
};

/** Its next state and controls, or what its code said instead. */
export type OwnAnswer =
  | {
      readonly state: unknown;
      readonly learning_rate: JsonSeries;
      readonly momentum?: JsonSeries;
    }
  | { readonly error: string };

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
  | {
      readonly kind: 'strategies';
      readonly objective: Monitored;
      readonly from_step: number;
      readonly count: number;
      readonly strategies: readonly OwnRequest[];
    }
  | {
      readonly kind: 'check';
      readonly bundle: string;
      readonly objective: Monitored;
      readonly epochs: number;
      readonly steps_per_epoch: number;
      readonly strategies: readonly StrategySpec[];
    }
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
      readonly metrics: JsonMetrics;
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
  | { readonly kind: 'strategies'; readonly strategies: readonly OwnAnswer[] }
  | {
      readonly kind: 'checked';
      readonly problems: readonly { readonly index: number; readonly message: string }[];
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string; readonly stack?: string };

/** The command, or the answer, of one kind. */
export type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;
export type AnswerOf<K extends Answer['kind']> = Extract<Answer, { kind: K }>;
