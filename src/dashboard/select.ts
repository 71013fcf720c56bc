// The selection in the list of trials, and what is opened from it.
// Promise: the selection is a row of the list while it has any, and that row is on the screen.

import { listRows } from './layout.ts';
import { change, type Model, type Step } from './model.ts';

/** `next` with its selection and scrolling made good after `before`. A selection on the first row stays on the first row. */
export function settle(before: Model, next: Model): Model {
  const wasFirst = before.selectedId === (before.rows[0]?.trialId ?? '');
  const follows = !wasFirst || before.rows === next.rows;
  const found = next.rows.findIndex(({ trialId }) => trialId === next.selectedId);
  return place(next, follows || next.pane === 'trial' ? Math.max(0, found) : 0);
}

/** Moves the selection by `count` rows, as far as there are any. */
export function moveBy(model: Model, count: number): Step {
  const from = model.rows.findIndex(({ trialId }) => trialId === model.selectedId);
  const to = Math.min(model.rows.length - 1, Math.max(0, from + count));
  return { model: place(model, Math.max(0, to)), effects: [] };
}

/** Shows one trial and asks for its epochs. */
export function openTrial(model: Model, trialId: string): Step {
  const opened = change(model, { pane: 'trial' });
  if (trialId === '' || trialId === model.scope.trialId) return opened;
  const scope = { ...model.scope, trialId };
  const index = model.rows.findIndex((row) => row.trialId === trialId);
  const selected = index === -1 ? opened.model : place(opened.model, index);
  return { model: { ...selected, scope, epochs: [] }, effects: [{ kind: 'watch', scope }] };
}

/** How far a key moves in the list; undefined if it is not a key of movement. */
export function movement(model: Model, key: string): number | undefined {
  const page = listRows(model.size);
  const steps: Readonly<Record<string, number>> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    'page-up': -page,
    'page-down': page,
    home: -model.rows.length,
    g: -model.rows.length,
    end: model.rows.length,
    G: model.rows.length,
  };
  return Object.hasOwn(steps, key) ? steps[key] : undefined;
}

function place(model: Model, index: number): Model {
  const height = listRows(model.size);
  const last = Math.max(0, model.rows.length - height);
  const shown = Math.min(Math.max(model.top, index - height + 1), index);
  return {
    ...model,
    selectedId: model.rows[index]?.trialId ?? '',
    top: Math.max(0, Math.min(shown, last)),
  };
}
