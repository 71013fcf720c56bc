// Looks at a simulated coordinator after each of its commits and restarts, and keeps what was wrong, in words that begin with the invariant's
// name. Of a large state it looks at the sweeps alone that are not what they were: records never change, only maps do.

import type { Fact } from '../../../coordinator/core/fact.ts';
import type { Limits } from '../../../coordinator/core/limits.ts';
import type { Stage, State, Trial } from '../../../coordinator/core/model.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { durable, violations } from '../../support/invariants.ts';
import { freeze, type Frozen } from '../../support/step-invariants.ts';
import { AFTER_COMMIT, AFTER_RESTART } from './after-commit.ts';
import { Books } from './books.ts';
import type { Commit, Invariant } from './invariant.ts';
import { viewOf } from './view-of.ts';

const ABOUT_AGENTS: ReadonlySet<Fact['kind']> = new Set([
  'agent-joined',
  'agent-lost',
  'agent-left',
  'sweep-ended',
]);

/** What the auditor sees of a coordinator. */
export type Audited = {
  readonly state: State;
  readonly store: Store;
  readonly blobs: ReadonlyMap<string, string>;
};

/** Of one coordinator, through all its restarts. */
export class Auditor {
  /** What was wrong so far. */
  readonly found: string[] = [];
  readonly #limits: Limits;
  #books: Books;
  #before: Frozen;
  #trials: ReadonlyMap<string, Trial>;
  #stages: ReadonlyMap<string, Stage>;
  #graceEndsMs: number;
  #heard = new Set<string>();

  constructor(state: State, monoMs: number, limits: Limits) {
    this.#limits = limits;
    this.#books = Books.of(state);
    this.#before = freeze(state);
    this.#trials = new Map(state.trials);
    this.#stages = new Map(state.stages);
    this.#graceEndsMs = monoMs + limits.graceMs;
  }

  /** Something was committed. */
  committed({ state, store, blobs }: Audited, facts: readonly Fact[], monoMs: number): void {
    if (facts.length === 0) return;
    for (const fact of facts)
      if (fact.kind === 'agent-seen' || fact.kind === 'agent-joined') this.#heard.add(fact.agentId);
    if (facts.some(({ kind }) => kind !== 'agent-seen')) {
      for (const { rule, words } of this.#books.enter(facts, state))
        this.found.push(`${rule}: ${words}`);
      const changed = this.#changed(state, facts);
      const [graceEndsMs, heard, limits] = [this.#graceEndsMs, this.#heard, this.#limits];
      const before = this.#before;
      const commit = {
        before,
        facts,
        state,
        changed,
        monoMs,
        limits,
        store,
        blobs,
        graceEndsMs,
        heard,
      };
      this.#look(AFTER_COMMIT, commit satisfies Commit);
    }
    this.#remember(state);
  }

  /** The coordinator has died and come back. */
  restarted(before: State, after: State, monoMs: number): void {
    this.#look(AFTER_RESTART, { before: durable(before), after: durable(after) });
    this.ended(after);
    this.#begin(after, monoMs);
  }

  /** An older copy has taken its place. */
  replaced(state: State, monoMs: number): void {
    this.#books = Books.of(state);
    this.#begin(state, monoMs);
  }

  /** Looks at all of it, whether it has changed or not. */
  ended(state: State): void {
    for (const words of violations(state)) this.found.push(`sound-state: ${words}`);
  }

  #begin(state: State, monoMs: number): void {
    this.#graceEndsMs = monoMs + this.#limits.graceMs;
    this.#heard = new Set();
    this.#remember(state);
  }

  #remember(state: State): void {
    this.#before = freeze(state);
    this.#trials = new Map(state.trials);
    this.#stages = new Map(state.stages);
  }

  #look<T>(invariants: readonly Invariant<T>[], at: T): void {
    for (const { name, find } of invariants)
      for (const words of find(at)) this.found.push(`${name}: ${words}`);
  }

  /** The sweeps with a trial or a stage that is not what it was; all, where an agent has come or gone. */
  #changed(state: State, facts: readonly Fact[]): State {
    if (facts.some(({ kind }) => ABOUT_AGENTS.has(kind))) return state;
    const ids = new Set<string>();
    for (const [id, trial] of state.trials)
      if (this.#trials.get(id) !== trial) ids.add(trial.sweepId);
    for (const [id, stage] of state.stages)
      if (this.#stages.get(id) !== stage) ids.add(stage.sweepId);
    return viewOf(state, ids);
  }
}
