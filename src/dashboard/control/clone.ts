// A trial again with some values changed: what is typed is `name=value` for each of them, as `learning_rate.lr=0.03 seed=4`.

import { change, type Change, type Model, type Step } from '../model.ts';
import { send } from './steer.ts';

const CHANGE = /^(?<name>[^\s=]+)=(?<value>.+)$/;

/** Asks for the clone, or says what is wrong with what was typed. */
export function cloneTrial(model: Model, trialId: string, typed: string): Step {
  // A value may have spaces: the next change begins at its name.
  const parts = typed.split(/\s+(?=[\w.]+=)/);
  const changes = parts.flatMap((part): readonly Change[] => {
    const { name, value } = CHANGE.exec(part)?.groups ?? {};
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
  if (changes.length < parts.length) {
    return change(model, { notice: 'a clone needs name=value, as learning_rate.lr=0.03 seed=4' });
  }
  return send(model, { kind: 'clone', trialId, changes });
}
