// Looks at a simulated coordinator after each of its commits and restarts, and keeps what was wrong, in words that begin with the invariant's
// name. Of a large state it looks at the sweeps alone that are not what they were: records never change, only maps do.

import type { Fact } from '../../../coordinator/core/fact.ts';
import type { Limits } from '../../../coordinator/core/limits.ts';
import type { Stage, State, Trial } from '../../../coordinator/core/model.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { durable, type Looked, violations } from '../../support/invariants.ts';
import { AFTER_COMMIT, AFTER_RESTART } from './after-commit.ts';
import { Books } from './books.ts';
import type { Invariant } from './invariant.ts';
import { type Change, Memory } from './memory.ts';
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
  #memory: Memory;
  #graceEndsMs: number;
  #heard = new Set<string>();
  /** Sweeps that have changed since the latest start. */
  #touched = new Set<string>();

  constructor(state: State, monoMs: number, limits: Limits) {
    this.#limits = limits;
    this.#books = Books.of(state);
    this.#memory = new Memory(state);
    this.#graceEndsMs = monoMs + limits.graceMs;
  }

  /** Something was committed. */
  committed({ state, store, blobs }: Audited, facts: readonly Fact[], monoMs: number): void {
    for (const fact of facts)
      if (fact.kind === 'agent-seen' || fact.kind === 'agent-joined') this.#heard.add(fact.agentId);
    if (facts.every(({ kind }) => kind === 'agent-seen')) return this.#memory.seen(state);
    for (const { rule, words } of this.#books.enter(facts, state))
      this.found.push(`${rule}: ${words}`);
    const change = this.#memory.change(state);
    for (const id of change.gone) this.found.push(`no-way-back: ${id} is gone`);
    const { view, looked } = toView(state, facts, change);
    for (const sweepId of view.sweeps.keys()) this.#touched.add(sweepId);
    const [limits, graceEndsMs, heard] = [this.#limits, this.#graceEndsMs, this.#heard];
    const world = { state, store, blobs, limits, graceEndsMs, heard };
    this.#look(AFTER_COMMIT, { ...world, view, looked, before: change.before, facts, monoMs });
  }

  /** The coordinator has died and come back: of what has changed since it last did, everything is as it was. */
  restarted(before: State, after: State, monoMs: number): void {
    const [was, is] = [before, after].map((state) => durable(viewOf(state, this.#touched)));
    this.#look(AFTER_RESTART, { before: was, after: is });
    this.#begin(after, monoMs);
  }

  /** An older copy has taken its place. */
  replaced(state: State, monoMs: number): void {
    this.#books = Books.of(state);
    this.#begin(state, monoMs);
  }

  /** Looks at all of it, whether it has changed or not. */
  ended(state: State, loaded: State): void {
    for (const words of violations(state)) this.found.push(`sound-state: ${words}`);
    this.#look(AFTER_RESTART, { before: durable(state), after: durable(loaded) });
  }

  #begin(state: State, monoMs: number): void {
    this.#graceEndsMs = monoMs + this.#limits.graceMs;
    this.#heard = new Set();
    this.#touched = new Set(
      [...state.sweeps.values()].filter((sweep) => sweep.state === 'running').map(({ id }) => id),
    );
    this.#memory = new Memory(state);
  }

  #look<T>(invariants: readonly Invariant<T>[], at: T): void {
    for (const { name, find } of invariants)
      for (const words of find(at)) this.found.push(`${name}: ${words}`);
  }
}

/** The sweeps with a record that is not what it was, and what has to be looked at of them; all, where an agent has come or gone. */
function toView(
  state: State,
  facts: readonly Fact[],
  { trials, stages, before }: Change,
): { readonly view: State; readonly looked: Looked } {
  const view = facts.some(({ kind }) => ABOUT_AGENTS.has(kind))
    ? state
    : viewOf(state, new Set([...trials, ...stages].map(({ sweepId }) => sweepId)));
  const stageOf = (id: string): readonly Stage[] => [state.stages.get(id) ?? []].flat();
  const trialOf = (id: string): readonly Trial[] => [state.trials.get(id) ?? []].flat();
  // What a stage may be depends on its trials, and the other way round.
  const ofTrials = [...trials, ...before.trials].flatMap(({ stageId }) => stageOf(stageId));
  const ofStages = stages.flatMap(({ members }) => members.flatMap(trialOf));
  return {
    view,
    looked: {
      stages: new Set([...stages, ...ofTrials]),
      trials: new Set([...trials, ...ofStages]),
    },
  };
}
