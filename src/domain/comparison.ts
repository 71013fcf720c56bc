// What came of training a recorded trial again.

/** A number that is not the same; undefined where there is none. */
export type Difference = {
  /** A metric by its name, or in words what else it is. */
  readonly what: string;
  readonly recorded: number | undefined;
  readonly now: number | undefined;
};

/** What is not the same in an epoch; without an epoch it concerns the whole trial, without differences there is no record of it. */
export type EpochDifferences = {
  readonly epoch: number | undefined;
  readonly differences: readonly Difference[];
};

/** A trial beside its record. */
export type Comparison =
  /** Every number of so many epochs is the same. */
  | { readonly kind: 'same'; readonly epochs: number }
  /** Of so many epochs these differ; of none where already the beginning does. */
  | {
      readonly kind: 'differs';
      readonly epochs: number;
      readonly different: readonly EpochDifferences[];
    }
  /** Recorded on another device or backend than is here: nothing was compared. */
  | { readonly kind: 'elsewhere'; readonly recorded: string; readonly here: string }
  /** It did not get as far as its record does. */
  | { readonly kind: 'failed'; readonly message: string }
  /** There is nothing to compare with. */
  | { readonly kind: 'unrecorded' };
