// What a trial was set up with, as one flat row of names and values, spelled as in the sweep file.
// Promise: a name has the same meaning in every trial; whatever is no number, text or truth value is its JSON.

/** A value that tables and plots can hold. */
export type Plain = number | string | boolean;

/** Values by name: `config.batch_size`, `learning_rate.strategy`, `learning_rate.lr`, `seed`, `epochs`. */
export type Hyperparameters = Readonly<Record<string, Plain>>;

type Trial = {
  readonly config_json: string;
  readonly strategy_json: string;
  readonly seed: number;
  readonly epochs: number;
};

/** Those of a trial. A length of training is written as in a sweep file: `4 epochs`. */
export function toHyperparameters({
  config_json: config,
  strategy_json: strategy,
  seed,
  epochs,
}: Trial): Hyperparameters {
  return {
    ...prefixed('config', JSON.parse(config) as object),
    ...prefixed('learning_rate', JSON.parse(strategy) as object),
    seed,
    epochs,
  };
}

function prefixed(prefix: string, values: object): Hyperparameters {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, toPlain(value)]),
  );
}

/** A value of a config or of a strategy: itself, a length as `4 epochs`, or its JSON. */
export function toPlain(value: unknown): Plain {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return value;
  if (isDuration(value)) return `${value.count} ${value.unit}`;
  return JSON.stringify(value);
}

function isDuration(value: unknown): value is { unit: string; count: number } {
  return typeof value === 'object' && value !== null && 'unit' in value && 'count' in value;
}
