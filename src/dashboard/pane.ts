// What a pane is. A new one is a file in `panes/` and a line in `panes.ts`.

import type { Line } from './frame/line.ts';
import type { Model, Size, Step } from './model.ts';

/** A key, and what it does. */
export type KeyHint = readonly [key: string, does: string];

/** One of the views that `Tab` goes through. All functions are pure. */
export type Pane = {
  readonly id: string;
  readonly title: string;
  /** Keys of its own, the most useful first. */
  readonly keys: readonly KeyHint[];
  /** At most `area.rows` lines; wider ones are cut. */
  readonly draw: (model: Model, area: Size) => readonly Line[];
  /** What a key does here; undefined to leave it to the keys that work everywhere. */
  readonly press: (model: Model, key: string) => Step | undefined;
  /** A few words at the right of the tabs, if it has any. */
  readonly status?: (model: Model) => string;
  /** What happens when a person turns to it, if anything. */
  readonly enter?: (model: Model) => Step;
};
