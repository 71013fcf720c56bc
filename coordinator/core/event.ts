// Something from outside. The loop stamps each with the time; nothing else brings time into a decision.

import type { Metrics } from '../../src/domain/objective.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';
import type { AppliedRates } from './fact.ts';
import type { FileRef, Now, Slot } from './model.ts';

/** What an agent reports of an attempt. */
export type ReportItem =
  | {
      readonly kind: 'opened';
      readonly stepsPerEpoch: number;
      readonly backend: string;
      readonly numerics: string;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly metrics: Metrics;
      readonly rates: AppliedRates;
      readonly seconds: number;
      /** The metrics on record for this epoch, where there are some; looked up by the loop. */
      readonly recorded?: Metrics;
    }
  | {
      readonly kind: 'series';
      readonly epoch: number;
      readonly fromStep: number;
      readonly values: readonly number[];
    }
  | {
      readonly kind: 'log';
      readonly offsetBytes: number;
      readonly droppedBytes: number;
      readonly data: Uint8Array;
    }
  | {
      readonly kind: 'ended';
      readonly outcome: 'completed' | 'diverged' | 'failed' | 'lost';
      readonly message: string;
    };

export type Report = {
  readonly kind: 'reported';
  readonly agentId: string;
  readonly sequence: number;
  readonly stageId: string;
  readonly attempt: number;
  readonly item: ReportItem;
};

export type Heartbeat = {
  readonly kind: 'heartbeat';
  readonly agentId: string;
  readonly incarnation: string;
  readonly name: string;
  readonly version: string;
  readonly slots: readonly Slot[];
  readonly draining: boolean;
  readonly leaving: boolean;
};

export type Submission = {
  readonly kind: 'submitted';
  readonly spec: SweepSpec;
  readonly sweepFile: string;
  readonly fingerprint: string;
  readonly bundle: FileRef;
  readonly files: readonly FileRef[];
  readonly again: boolean;
};

export type Cancellation = {
  readonly kind: 'cancelled';
  readonly sweepId: string;
  readonly trialId: string | null;
};

export type Event = Submission | Heartbeat | Report | Cancellation | { readonly kind: 'tick' };

/** An event with its time. */
export type Stamped<E extends Event = Event> = E & { readonly now: Now };
