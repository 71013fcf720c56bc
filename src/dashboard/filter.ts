// The filter of the list of trials: words that all must be found, and conditions on one value each.
// Promise: total: what is not a condition is a word. `lr>0.01 strategy=plateau !failed` reads as it is meant.

import type { TrialView } from '../wire/generated/espalier/v1/sweep.ts';
import { stateOf } from './frame/state.ts';

type Test = (trial: TrialView) => boolean;
type Compare = (a: number, b: number) => boolean;

const CONDITION = /^(?<name>[^\s<>=!]+)(?<sign><=|>=|!=|=|<|>)(?<value>\S+)$/;

const NUMERIC: Readonly<Record<string, Compare>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

/** Whether a trial passes what a person has typed; case does not matter. */
export function toFilter(typed: string): Test {
  const tests = typed.toLowerCase().split(' ').filter(Boolean).map(toTest);
  return (trial) => tests.every((test) => test(trial));
}

function toTest(word: string): Test {
  const { name = '', sign = '', value = '' } = CONDITION.exec(word)?.groups ?? {};
  if (sign !== '') return toCondition(name, sign, value);
  if (word.length > 1 && word.startsWith('!')) {
    const rest = word.slice(1);
    return (trial) => !textOf(trial).includes(rest);
  }
  return (trial) => textOf(trial).includes(word);
}

function toCondition(name: string, sign: string, value: string): Test {
  const wanted = Number(value);
  const compare = NUMERIC[sign];
  if (compare !== undefined) return (trial) => compare(Number(valueOf(trial, name)), wanted);
  return (trial) => isEqual(valueOf(trial, name), value) === (sign === '=');
}

function isEqual(found: string, value: string): boolean {
  return found === value || (found !== '' && Number(found) === Number(value));
}

/** A trial's own facts come before values of the same name. What it lacks is NaN as a number. */
function valueOf(trial: TrialView, name: string): string {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  if (own !== undefined) return own(trial).toLowerCase();
  const fields = [...trial.strategyFields, ...trial.configFields];
  const found = fields.find((field) => field.name.toLowerCase() === name)?.value;
  return found?.toLowerCase() ?? 'NaN';
}

const OWN: Readonly<Record<string, (trial: TrialView) => string>> = {
  strategy: ({ strategy }) => strategy,
  state: stateOf,
  seed: ({ seed }) => String(seed),
  epoch: ({ epoch }) => String(epoch),
  slot: ({ slot }) => slot,
  best: ({ hasValue, bestValue }) => (hasValue ? String(bestValue) : 'NaN'),
  last: ({ hasValue, lastValue }) => (hasValue ? String(lastValue) : 'NaN'),
  attempt: ({ attempt }) => String(attempt),
};

function textOf(trial: TrialView): string {
  const { number, strategy, strategyValues, config, seed, slot, message } = trial;
  return `#${number} ${stateOf(trial)} ${strategy} ${strategyValues} ${config} seed ${seed} ${slot} ${message}`.toLowerCase();
}
