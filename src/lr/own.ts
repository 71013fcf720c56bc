// Strategies of one's own: a module exports what `defineStrategy` makes, and a sweep file names the export as `own/NAME`.
// Promise: such a strategy has the same tables, rules and functions as one of the catalogue.

import { EspalierError } from '../domain/errors.ts';
import { type Definition, define, type Described, type Monitored } from './definition.ts';
import { isMapping, parseField, show } from './parse-field.ts';
import { parseStrategy } from './parse-strategy.ts';
import type { Field, Fields } from './spec.ts';
import type { Strategy } from './strategy.ts';

/** What the name of a strategy of one's own looks like in a sweep file: `own/` and the name of an export. */
export const OWN_NAME = /^own\/[A-Za-z_$][\w$]{0,63}$/;

/** Whether a strategy's name is of one's own, wherever its definition may be. */
export function isOwn(name: string): boolean {
  return OWN_NAME.test(name);
}

const MARK = Symbol.for('espalier.strategy');

/** A strategy of one's own, marked as one. */
export type OwnStrategy = {
  readonly [MARK]: true;
  readonly definition: Definition;
  /**
   * Its functions for these values, as `createStrategy` gives those of the catalogue's strategies.
   * @throws EspalierError `invalid`, with every problem of the values
   */
  create(values: Readonly<Record<string, unknown>>, objective?: Monitored): Strategy;
};

/**
 * Defines a strategy: one sentence about it, its table of fields, the rules between them, and `create`, which makes its pure functions of
 * values that have passed both. Learning rates are float64, one a step; the state must survive JSON; neither clock nor randomness may
 * have a say. `warmup` is added to its fields. Submission checks that all this is so.
 *
 * @example
 * export const inverseRoot = defineStrategy({
 *   about: 'lr × sqrt(from) / sqrt(t) from step `from` on (Vaswani et al. 2017, section 5.3).',
 *   fields: {
 *     lr: { type: { kind: 'number', above: 0 }, about: 'Learning rate until the decay.' },
 *     from: { type: { kind: 'duration', bare: 'steps', units: ['epochs', 'steps'], least: 1 }, about: 'Start of the decay.' },
 *   },
 *   create: ({ lr, from }) =>
 *     openLoop(
 *       (run) => ({ from: toSteps(from, 'steps', run.stepsPerEpoch) }),
 *       (state, fromStep, count) =>
 *         toStretch(fromStep, count, (t) => lr * Math.sqrt(state.from / Math.max(t, state.from))),
 *     ),
 * });
 * @throws EspalierError `invalid` where a part is missing, or a field is called `strategy` or `warmup`
 */
export function defineStrategy<const F extends Fields>(described: Described<F>): OwnStrategy {
  checkDescribed(described);
  const definition = define(described);
  return {
    [MARK]: true,
    definition,
    create: (values, objective) => createOwn(definition, values, objective),
  };
}

/** Whether a value was made by {@link defineStrategy}, of this or another copy of the package. */
export function isOwnStrategy(value: unknown): value is OwnStrategy {
  return typeof value === 'object' && value !== null && MARK in value;
}

const NAME = 'own/strategy';

function createOwn(
  definition: Definition,
  values: Readonly<Record<string, unknown>>,
  objective: Monitored | undefined,
): Strategy {
  const parsed = parseStrategy({ ...values, strategy: NAME }, objective, { [NAME]: definition });
  if (parsed.ok) return definition.create(parsed.strategy);
  throw new EspalierError('invalid', parsed.problems.map(({ message }) => message).join('\n'));
}

/** The module may be plain JavaScript, which no type has checked. */
function checkDescribed(described: unknown): void {
  if (!isMapping(described)) throw refuse('it takes { about, fields, create }');
  const { about, fields, create } = described;
  if (typeof about !== 'string') throw refuse('about must be a sentence');
  if (!isMapping(fields)) throw refuse('fields must be a table of fields');
  if (typeof create !== 'function') throw refuse('create must be a function');
  const taken = ['strategy', 'warmup'].find((name) => Object.hasOwn(fields, name));
  if (taken !== undefined) throw refuse(`no field can be called ${taken}`);
  for (const [name, field] of Object.entries(fields)) {
    const problem = findFieldProblem(field);
    if (problem !== undefined) throw refuse(`the field ${name} ${problem}`);
  }
}

const KINDS = [
  'number',
  'integer',
  'boolean',
  'text',
  'choice',
  'duration',
  'numbers',
  'durations',
];
const UNITS: readonly unknown[] = ['epochs', 'steps'];

/** What is wrong with an entry of the table, or nothing. */
function findFieldProblem(field: unknown): string | undefined {
  if (!isMapping(field) || !isMapping(field['type']) || typeof field['about'] !== 'string')
    return 'must have { type: { kind, … }, about: a sentence }';
  const { kind, choices, bare, units } = field['type'];
  if (typeof kind !== 'string' || !KINDS.includes(kind))
    return `has the kind ${show(kind)}; it must be one of ${KINDS.join(', ')}`;
  if (kind === 'choice' && !isListOf(choices, (choice) => typeof choice === 'string'))
    return 'must have choices, a list of words';
  const isLength = kind === 'duration' || kind === 'durations';
  if (isLength && !(UNITS.includes(bare) && isListOf(units, (unit) => UNITS.includes(unit))))
    return 'must have bare: "epochs" or "steps", and units, a list of them';
  if (field['default'] === undefined) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every part that is read was just seen to be what the type says
  const problem = parseField(field as Field, field['default']);
  return problem === undefined ? undefined : `has a default that it would refuse: ${problem}`;
}

function isListOf(value: unknown, isGood: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isGood);
}

function refuse(why: string): EspalierError {
  return new EspalierError('invalid', `defineStrategy: ${why}`);
}
