// The panes in the order of `Tab`.

import type { Pane } from './pane.ts';
import { agents } from './panes/agents.ts';
import { log } from './panes/log.ts';
import { overview } from './panes/overview.ts';
import { strategies } from './panes/strategies.ts';
import { tree } from './panes/tree.ts';
import { trial } from './panes/trial.ts';
import { trials } from './panes/trials.ts';

/** All panes; there is always a first. */
export const PANES: readonly [Pane, ...Pane[]] = [
  overview,
  trials,
  trial,
  tree,
  agents,
  strategies,
  log,
];

/** The pane called `id`, or the first. */
export function paneOf(id: string): Pane {
  return PANES.find((pane) => pane.id === id) ?? PANES[0];
}
