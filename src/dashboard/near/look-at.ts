// One trial from near: which one, with which others behind it, and whether what it writes is wanted.
// Promise: the coordinator is asked anew only when something else is wanted than before; what was known of another trial is gone.

import { NO_OUTPUT, type Model, type Step, type WatchScope } from '../model.ts';
import { siblingsOf } from './siblings.ts';

/** The model with another trial, or more of it, in sight. */
export function lookAt(
  model: Model,
  wanted: Partial<Pick<WatchScope, 'trialId' | 'output'>>,
): Step {
  const trialId = wanted.trialId ?? model.scope.trialId;
  const output = wanted.output ?? model.scope.output;
  const beside = siblingsOf(model, trialId).map((trial) => trial.trialId);
  const scope = { ...model.scope, trialId, output, beside };
  if (isSame(scope, model.scope)) return { model, effects: [] };
  const isOther = trialId !== model.scope.trialId;
  const known = isOther ? { epochs: [], output: NO_OUTPUT } : {};
  return {
    model: { ...model, ...known, beside: new Map(), scope },
    effects: [{ kind: 'near', scope }],
  };
}

function isSame(a: WatchScope, b: WatchScope): boolean {
  return a.trialId === b.trialId && a.output === b.output && a.beside.join() === b.beside.join();
}
