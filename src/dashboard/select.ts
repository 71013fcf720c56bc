// The selection in the list of trials, and what is opened from it.
// Promise: the selection is a row of the list while it has any, and that row is on the screen.

import { listRows } from './layout.ts';
import { change, shownTrials, type Model, type Step } from './model.ts';
import { lookAt } from './near/look-at.ts';
import { moveIn, movementIn, scrollTo } from './window.ts';

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
  return change(place(model, moveIn(from, count, model.rows.length)), {});
}

/** Shows one trial and asks for its epochs. */
export function openTrial(model: Model, trialId: string): Step {
  const opened = change(model, { pane: 'trial', back: backFrom(model) });
  if (trialId === '' || trialId === model.scope.trialId) return opened;
  const index = model.rows.findIndex((row) => row.trialId === trialId);
  const selected = index === -1 ? opened.model : place(opened.model, index);
  return lookAt(selected, { trialId, output: false });
}

// Going on to the next trial does not forget where the first one was opened.
function backFrom({ pane, back }: Model): string {
  if (pane === 'trial') return back;
  return pane === 'tree' ? 'tree' : 'trials';
}

/** Shows the trial of the shown sweep that has this number, or says that there is none. */
export function goToNumber(model: Model, typed: string): Step {
  const number = Number(typed.replace('#', ''));
  const found = shownTrials(model).find((trial) => trial.number === number);
  if (found === undefined) return change(model, { notice: `there is no trial #${typed}` });
  return openTrial(model, found.trialId);
}

/** Turns to another sweep, or stays. */
export function turnToSweep(model: Model, sweepId: string): Model {
  if (sweepId === '' || sweepId === model.sweepId) return model;
  return { ...model, sweepId, top: 0, selectedId: '', filter: '', strategy: '', logBack: 0 };
}

/** How far a key moves in the list; undefined if it is not a key of movement. */
export function movement(model: Model, key: string): number | undefined {
  return movementIn(key, model.rows.length, listRows(model.size));
}

function place(model: Model, index: number): Model {
  return {
    ...model,
    selectedId: model.rows[index]?.trialId ?? '',
    top: scrollTo(model.top, index, model.rows.length, listRows(model.size)),
  };
}
