// The sweep file, key by key: the validator from which the JSON Schema is generated as well.
// Promise: what it lets through has every default filled and every axis as a list.

import { z } from 'zod';
import type { SweepSpec } from '../domain/sweep.ts';
import { parseDuration } from '../lr/duration.ts';
import { show } from '../lr/parse-field.ts';
import type { Field, FieldType } from '../lr/spec.ts';
import { axis, list } from './axis.ts';
import { configSchema } from './config-schema.ts';
import { fieldSchema } from './field-schema.ts';
import { strategySchema, toGrid } from './strategy-schema.ts';
import { strictObject } from './strict-object.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME_RULE =
  'at most 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit';
const VISIBLE = /^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$/u;
const UINT32 = 2 ** 32 - 1;

const EPOCHS: Field = {
  type: { kind: 'integer', least: 1, most: 1_000_000 },
  about: 'Epochs of a trial. A list is an axis of the grid.',
};
const SEEDS: Field = {
  type: { kind: 'integer', least: 0, most: UINT32 },
  default: [1],
  about: 'Seeds of data order, initialisation and dropout; each repeats the grid.',
};
const FILES: Field = {
  type: { kind: 'text' },
  default: [],
  about: 'Data that travels with the module: paths and globs, relative to this file.',
};
const BACKENDS: Field = {
  type: { kind: 'choice', choices: ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm', 'cpu'] },
  default: [],
  about: 'Backends that a trial may train on, best first; empty for whatever the agent has.',
};

/** The validator of `objective`. */
export const objectiveSchema = strictObject({
  metric: text('the name of a metric', 'The metric that the sweep looks at, such as val_loss.'),
  mode: choice(['min', 'max'], 'Whether lower or higher is better.'),
  at: choice(['best', 'last'], 'Whether a trial counts by its best epoch or its last.').default(
    'best',
  ),
}).describe('What the sweep looks for.');

const slotsSchema = strictObject({
  kind: choice(['gpu', 'cpu', 'any'], 'What kind of slot a trial may have.').default('any'),
  per_trial: whole(1, 1, 'Slots that a trial occupies; more than one is not built yet.').default(1),
})
  .describe('Where trials run.')
  .default({ kind: 'any', per_trial: 1 });

/** The validator of the whole file. */
export const sweepFileSchema = strictObject({
  name: z
    .string(NAME_RULE)
    .regex(NAME, NAME_RULE)
    .describe('The name of the sweep; ids begin with it.'),
  trial: text(
    'the path of a module',
    'The module whose default export is defineTrial(...); a path relative to this file.',
  ),
  objective: objectiveSchema,
  files: list<string>(FILES).default([]),
  epochs: axis<number>(EPOCHS),
  seeds: axis<number>(SEEDS).default([1]),
  config: configSchema,
  learning_rate: z
    .array(strategySchema, 'a list of strategies, such as [{ strategy: fixed, lr: 0.1 }]')
    .min(1, 'a list of at least one strategy')
    .describe('Learning-rate strategies. Each item is one strategy with its own grid.'),
  search: choice(['grid'], 'How the space is searched: grid trains every trial.').default('grid'),
  stop: choice(['none'], 'Which trials are stopped early: none.').default('none'),
  slots: slotsSchema,
  sharing: z
    .union([choice(['on', 'off'], ''), z.boolean().transform(toOnOff)])
    .meta({
      description: 'Whether epochs that several trials have in common are trained once.',
      default: 'on',
    })
    .default('on'),
  checkpoint_every: one<string | number>(
    { kind: 'duration', bare: 'epochs', units: ['epochs'], least: 1 },
    'How often a checkpoint is saved for recovery, such as "5 epochs".',
  )
    .refine(isWhole, { error: ({ input }) => `received ${show(input)}; it must be whole epochs` })
    .default('5 epochs'),
  keep: choice(
    ['none', 'best', 'last', 'all'],
    'Whose final checkpoints are kept: of no trial, of the best one at its best epoch, of the last epoch of each, or all.',
  ).default('best'),
  retries: whole(
    0,
    1000,
    'How often a trial that failed is tried again; a lost machine does not count.',
  ).default(3),
  exclusive: one<boolean>(
    { kind: 'boolean' },
    'Whether an agent that has lost the coordinator stops its trials before anybody else can be given them: no trial is ever trained twice at once, and what is trained while cut off is thrown away.',
  ).default(false),
  priority: whole(-1000, 1000, 'Which sweep gets free slots first: the higher one.').default(0),
  backends: list<SweepSpec['backends'][number]>(BACKENDS).default([]),
  steps_per_epoch: whole(
    1,
    UINT32,
    'Optimizer steps of an epoch, if they are known before a trial has run.',
  ).optional(),
}).meta({ title: 'Espalier sweep', description: 'A learning-rate sweep.' });

/** The spec that a file means which has passed {@link sweepFileSchema}. */
export function toSweepSpec(file: z.output<typeof sweepFileSchema>): SweepSpec {
  const { learning_rate, checkpoint_every, steps_per_epoch, ...rest } = file;
  const every = parseDuration(checkpoint_every, 'epochs');
  if (every === undefined) throw new Error(`not a duration: ${checkpoint_every}`);
  return {
    ...rest,
    learning_rate: learning_rate.map(toGrid),
    checkpoint_every: every,
    ...(steps_per_epoch !== undefined && { steps_per_epoch }),
  };
}

function one<T>(type: FieldType, about: string): z.ZodType<T> {
  return fieldSchema<T>({ type, about }).describe(about);
}

function text(accepted: string, about: string): z.ZodString {
  return z.string(accepted).regex(VISIBLE, accepted).describe(about);
}

function choice<const C extends string>(choices: readonly C[], about: string): z.ZodType<C> {
  return one<C>({ kind: 'choice', choices }, about);
}

function whole(least: number, most: number, about: string): z.ZodType<number> {
  return one<number>({ kind: 'integer', least, most }, about);
}

function toOnOff(on: boolean): 'on' | 'off' {
  return on ? 'on' : 'off';
}

function isWhole(every: string | number): boolean {
  return Number.isInteger(parseDuration(every, 'epochs')?.count);
}
