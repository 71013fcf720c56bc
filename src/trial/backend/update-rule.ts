// What an optimizer does to one weight, as data: the state it keeps beside it, the numbers it uses, the formulas.
// Promise: a rule is plain data about tfjs's own optimizer of that name; whoever runs it keeps the state where that optimizer keeps it.

import type { Variable } from '@tensorflow/tfjs';
import type { Formula } from './elementwise-loop.ts';

/** One kind of state beside each weight: the optimizer's field that lists it, the ending of its name, its value before the first step. */
export type Slot<State> = {
  readonly field: string;
  readonly suffix: string;
  readonly initial: (state: State) => number;
};

/** A tfjs optimizer as one loop over each weight. Streams: `value`, `gradient`, `next` (the new value) and each slot under its field's name. */
export type UpdateRule<State> = {
  readonly name: string;
  readonly slots: readonly Slot<State>[];
  /** Numbers of this step by name; they are rounded to float32 when used. `read` gives the value of a scalar tensor. */
  readonly scalars: (
    state: State,
    read: (tensor: Variable) => number,
  ) => Readonly<Record<string, number>>;
  /** What is stored: `next`, and each slot that changes. */
  readonly stores: Readonly<Record<string, Formula>>;
  /** What changes once a step, after all weights. */
  readonly after?: (state: State) => void;
};

/** A slot that starts from 0. */
export function zeroSlot(field: string, suffix: string): Slot<unknown> {
  return { field, suffix, initial: () => 0 };
}
