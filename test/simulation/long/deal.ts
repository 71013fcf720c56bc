// What the long simulation deals out to its processes, and what they tell. Promise: a world follows from its seed and its steps alone.

/** Every `parts`th world from `first` on: what one process runs. */
export type Share = {
  readonly first: number;
  readonly parts: number;
  /** One behind the last. */
  readonly end: number;
  readonly steps: number;
};

/** A world has ended: well, after so many things that happened, or else with what went wrong. */
export type Told = { readonly seed: number; readonly events: number; readonly failure?: string };
