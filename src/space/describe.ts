// A trial in a few words, for lists: its strategy's values, and its place in the rest of the grid.
// Promise: what the sweep file does not say is not shown, nor is a constant of the config. No control characters come out, and no
// single text longer than 40 characters.

import type { StrategyGrid, SweepSpec, TrialSpec } from '../domain/sweep.ts';
import type { StrategySpec } from '../lr/spec.ts';

/**
 * The values of the trial's strategy that its item of `learning_rate` gives, such as `lr 0.1 factor 0.5 patience 2`.
 * The strategy's name is not among them.
 */
export function describeStrategy(trial: TrialSpec, spec: SweepSpec): string {
  const { learning_rate: strategy } = trial;
  const grid = spec.learning_rate.find((item) => isPointOf(strategy, item));
  const given = grid ? Object.keys(grid.axes) : [];
  return given.map((field) => `${field} ${toShort(strategy[field])}`).join(' ');
}

/** The trial's values on those axes of the config, and of epochs, that have more than one, such as `batch_size 32 epochs 20`. */
export function describeConfig(trial: TrialSpec, spec: SweepSpec): string {
  const moving = Object.keys(spec.config).filter((name) => (spec.config[name]?.length ?? 0) > 1);
  const words = moving.map((name) => `${toPlain(name)} ${toShort(trial.config[name])}`);
  if (spec.epochs.length > 1) words.push(`epochs ${trial.epochs}`);
  return words.join(' ');
}

/** Whether the item has a value that is the strategy's on each of its axes; values stay as written when defaults are filled. */
function isPointOf(strategy: StrategySpec, { strategy: name, axes }: StrategyGrid): boolean {
  return (
    name === strategy.strategy &&
    Object.entries(axes).every(([field, values]) =>
      values.some((value) => isWithin(value, strategy[field])),
    )
  );
}

/** Whether a value is what was given, or what was given with more keys filled in (a warm-up's start factor). */
function isWithin(given: unknown, value: unknown): boolean {
  if (typeof given !== 'object' || given === null) return Object.is(given, value);
  if (typeof value !== 'object' || value === null) return false;
  const filled = new Map<string, unknown>(Object.entries(value));
  const sameLength = !Array.isArray(given) || given.length === filled.size;
  return (
    sameLength && Object.entries(given).every(([key, item]) => isWithin(item, filled.get(key)))
  );
}

function toShort(value: unknown): string {
  if (typeof value === 'number') return toShortNumber(value);
  if (typeof value === 'string') return toPlain(value);
  if (Array.isArray(value)) return `[${value.map(toShort).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key} ${toShort(item)}`);
  return `(${entries.join(' ')})`;
}

/** At most six significant digits, and a power of ten where that is shorter: 0.1, 0.99994, 1e-5, 65536. */
function toShortNumber(value: number): string {
  const plain = String(Number(value.toPrecision(6)));
  const power = Number(plain).toExponential().replace('e+', 'e');
  return power.length < plain.length ? power : plain;
}

function toPlain(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}');
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
