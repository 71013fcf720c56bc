// How many optimizer steps an epoch has, as far as a plan must know. Promise: a number that matters is never made up in silence. A
// strategy with a length in steps, or with less of an epoch than an assumed step, needs the real one. Where all lengths are in
// epochs, any number gives the same tree as long as no learning rate moves within an epoch; where one does, two strategies may part
// an epoch sooner or later by it (a wsd of 2.5 epochs has its first step below lr in another epoch if an epoch has two steps), and
// `PrefixCount.hasMoved` has the plan say what was assumed.

import { CATALOGUE } from '../lr/catalogue.ts';
import { parseDuration } from '../lr/duration.ts';
import { isMapping } from '../lr/parse-field.ts';
import type { DurationUnit, FieldType, StrategySpec } from '../lr/spec.ts';
import type { Setting } from './setting.ts';

/** What is assumed where it does not matter: enough for strategies that differ within an epoch to be seen differing. */
export const ASSUMED = 16;

/**
 * Seen in an opened trial, or given by the user, or assumed since no setting needs it, or missing for the fields named (such as
 * `cyclic step_size`).
 */
export type StepsPerEpoch =
  | { readonly kind: 'opened' | 'given' | 'assumed'; readonly count: number }
  | { readonly kind: 'missing'; readonly fields: readonly string[] };

/** Settles on the steps of an epoch for these settings. */
export function toStepsPerEpoch(
  settings: readonly Setting[],
  given: number | undefined,
): StepsPerEpoch {
  if (given !== undefined) return { kind: 'given', count: given };
  const fields = new Set(settings.flatMap(({ spec }) => fieldsInSteps(spec)));
  return fields.size > 0
    ? { kind: 'missing', fields: [...fields] }
    : { kind: 'assumed', count: ASSUMED };
}

/** The steps to evaluate one setting with, or nothing if it needs a number that is missing. */
export function stepsFor(steps: StepsPerEpoch, { spec }: Setting): number | undefined {
  if (steps.kind !== 'missing') return steps.count;
  return fieldsInSteps(spec).length === 0 ? ASSUMED : undefined;
}

/** The fields whose meaning depends on the steps of an epoch. */
function fieldsInSteps(spec: StrategySpec): readonly string[] {
  const fields = CATALOGUE[spec.strategy]?.fields ?? {};
  const inSteps = Object.keys(fields).filter((name) => {
    const type = fields[name]?.type;
    return type !== undefined && isInSteps(type, spec[name]);
  });
  // the height is multiplied by gamma every step
  if (spec.strategy === 'cyclic' && spec['mode'] === 'exp_range' && spec['gamma'] !== 1)
    inSteps.push('gamma');
  return inSteps.map((name) => `${spec.strategy} ${name}`);
}

function isInSteps(type: FieldType, value: unknown): boolean {
  if (type.kind === 'duration') return isLengthInSteps(value, type.bare);
  if (type.kind === 'durations' && Array.isArray(value))
    return value.some((item) => isLengthInSteps(item, type.bare));
  return type.kind === 'warmup' && isMapping(value) && isLengthInSteps(value['length'], 'steps');
}

function isLengthInSteps(value: unknown, bare: DurationUnit): boolean {
  const length = parseDuration(value, bare);
  if (length === undefined || length.count === 0) return false;
  return length.unit === 'steps' || length.count * ASSUMED <= 1;
}
