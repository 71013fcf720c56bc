// What an invariant is: a promise in a form that can be looked at after something has happened.

import type { Fact } from '../../../coordinator/core/fact.ts';
import type { Limits } from '../../../coordinator/core/limits.ts';
import type { State } from '../../../coordinator/core/model.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import type { Looked } from '../../support/invariants.ts';
import type { Frozen } from '../../support/step-invariants.ts';

/** When it is looked at: after every commit, after every restart, after everything that happens, or when all has ended. */
export type Occasion = 'commit' | 'restart' | 'event' | 'end';

/** What must hold, and the numbers of the promises in docs/promises.md that it is part of. */
export type Invariant<T> = {
  readonly name: string;
  readonly promises: readonly number[];
  readonly says: string;
  /** What is wrong, in words; nothing if it holds. */
  readonly find: (at: T) => readonly string[];
};

/** A commit, as the coordinator tells of it. */
export type Commit = {
  readonly before: Frozen;
  readonly facts: readonly Fact[];
  readonly state: State;
  /** The same, of the sweeps alone that are not what they were, and which of their records to look at. */
  readonly view: State;
  readonly looked: Looked;
  readonly monoMs: number;
  readonly limits: Limits;
  readonly store: Store;
  readonly blobs: ReadonlyMap<string, string>;
  /** When the grace of the coordinator's latest start ends, and who was heard since that start. */
  readonly graceEndsMs: number;
  readonly heard: ReadonlySet<string>;
};

/** A restart: what was durable of the state before it, and of the state that was loaded. */
export type Restart = { readonly before: unknown; readonly after: unknown };
