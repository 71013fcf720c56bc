// A trial in a few words, for lists: its strategy's values, and its place in the rest of the grid.
// Promise: what the sweep file does not say is not shown, nor is a constant of the config. No control characters come out, and no
// single text longer than 40 characters.

import { toPlainPlaces } from '../domain/plain-text.ts';
import { isFinding, toFinding } from '../lr/find.ts';
import { parseFindings } from '../lr/parse-findings.ts';
import type { StrategySpec } from '../lr/spec.ts';
import type { Config, SweepSpec, TrialSpec } from '../domain/sweep.ts';

const MOST = 40;

/**
 * The values of the trial's strategy that its item of `learning_rate` gives, such as `lr 0.1 factor 0.5 patience 2`.
 * The strategy's name is not among them.
 */
export function describeStrategy(
  trial: Pick<TrialSpec, 'item' | 'learning_rate'>,
  spec: Pick<SweepSpec, 'learning_rate'>,
): string {
  const { learning_rate: strategy } = trial;
  const given = Object.keys(spec.learning_rate[trial.item]?.axes ?? {});
  return given.map((field) => `${field} ${toShort(strategy[field])}`).join(' ');
}

/** The values of a strategy of which no item of the sweep file says what it gives: all but those that it would have unsaid. */
export function describeGiven(strategy: StrategySpec, objective: SweepSpec['objective']): string {
  const whole = JSON.stringify(strategy);
  const isUnsaid = (field: string): boolean => {
    const parsed = parseFindings({ ...strategy, [field]: undefined }, objective);
    return parsed.ok && JSON.stringify(parsed.strategy) === whole;
  };
  const given = Object.entries(strategy).filter(([name]) => name !== 'strategy' && !isUnsaid(name));
  return given.map(([name, value]) => `${name} ${toShort(value)}`).join(' ');
}

/**
 * The trial's values on those axes of the config, and of epochs, that have more than one, such as `batch_size 32 epochs 20`; of a
 * clone also those that the grid has not.
 */
export function describeConfig(trial: TrialSpec, spec: SweepSpec): string {
  const moving = Object.keys(trial.config).filter((name) => isMoving(spec, name, trial.config));
  const words = moving.map((name) => `${toPlainPlaces(name, MOST)} ${toShort(trial.config[name])}`);
  if (spec.epochs.length > 1 || spec.epochs[0] !== trial.epochs)
    words.push(`epochs ${trial.epochs}`);
  return words.join(' ');
}

function isMoving(spec: SweepSpec, name: string, config: Config): boolean {
  const axis = Object.hasOwn(spec.config, name) ? (spec.config[name] ?? []) : [];
  return axis.length !== 1 || JSON.stringify(axis[0]) !== JSON.stringify(config[name]);
}

/** All values of a config, such as `batch_size 32 dropout 0.3`. */
export function describeValues(config: Config): string {
  const entries = Object.entries(config);
  return entries.map(([name, value]) => `${toPlainPlaces(name, MOST)} ${toShort(value)}`).join(' ');
}

function toShort(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return toPlainPlaces(value, MOST);
  if (Array.isArray(value)) return `[${value.map(toShort).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (isFinding(value)) return describeFinding(value);
  const entries = Object.entries(value).map(([key, item]) => `${key} ${toShort(item)}`);
  return `(${entries.join(' ')})`;
}

function describeFinding(value: { readonly find: unknown }): string {
  const { suggest, times } = toFinding(value).find;
  return times === 1 ? `found by ${suggest}` : `found by ${suggest} × ${times}`;
}
