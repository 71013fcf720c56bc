// What a state was when it was last looked at, and what has changed since: records never change, only maps do.

import type { Checkpoint, Stage, State, Trial } from '../../../coordinator/core/model.ts';
import { freezeContacts, type Frozen } from '../../support/step-invariants.ts';

/** What is other than it was. */
export type Change = {
  /** Of the records that were there and are others now, what they were, and all else that a step is compared with. */
  readonly before: Frozen;
  readonly trials: readonly Trial[];
  readonly stages: readonly Stage[];
  /** Ids of records that are no more. */
  readonly gone: readonly string[];
};

/** Of one state, as it changes. */
export class Memory {
  readonly #trials = new Map<string, Trial>();
  readonly #stages = new Map<string, Stage>();
  #checkpoints: readonly (readonly Checkpoint[])[] = [];
  #contacts: Frozen['contacts'] = [];

  constructor(state: State) {
    this.change(state);
  }

  /** What has changed, which is known from now on. */
  change(state: State): Change {
    const trials = renew(this.#trials, state.trials);
    const stages = renew(this.#stages, state.stages);
    const before = {
      trials: trials.were,
      stages: stages.were,
      checkpoints: this.#checkpoints.flat(),
      contacts: this.#contacts,
    };
    this.#checkpoints = [...state.checkpoints.values()];
    this.seen(state);
    return {
      before,
      trials: trials.are,
      stages: stages.are,
      gone: [...trials.gone, ...stages.gone],
    };
  }

  /** Agents were heard, and nothing else has changed. */
  seen(state: State): void {
    this.#contacts = freezeContacts(state);
  }
}

type Renewed<T> = {
  readonly were: readonly T[];
  readonly are: readonly T[];
  readonly gone: readonly string[];
};

function renew<T>(known: Map<string, T>, all: ReadonlyMap<string, T>): Renewed<T> {
  const [were, are]: [T[], T[]] = [[], []];
  for (const [id, is] of all) {
    const was = known.get(id);
    if (was === is) continue;
    if (was !== undefined) were.push(was);
    are.push(is);
    known.set(id, is);
  }
  const gone = known.size === all.size ? [] : [...known.keys()].filter((id) => !all.has(id));
  for (const id of gone) known.delete(id);
  return { were, are, gone };
}
