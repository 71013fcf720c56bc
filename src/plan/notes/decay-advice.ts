// What is unlikely to be meant of a learning rate that goes down over a length of its own: that it ends before the training or after
// it. Promise: the learning rates that are named are those at the training's end, which do not depend on the steps of an epoch.

import type { StrategySpec } from '../../lr/spec.ts';
import { rateAtEnd, toEpochs, toRest, type Rest } from './rest-of-training.ts';
import type { Setting } from '../setting.ts';
import { showEpochs, toShort } from './show-epochs.ts';

/** A decay that is over before this share of the training is said to be. */
const EARLY = 0.9;

/** Lengths differ by rounding. */
const NEAR = 1e-9;

type Remark = (spec: StrategySpec, rest: Rest) => string | undefined;

/** A remark about a setting whose learning rate decays, none for others and for those whose warm-up takes all. */
export function adviseDecay(setting: Setting, stepsPerEpoch: number): readonly string[] {
  const rest = toRest(setting, stepsPerEpoch);
  const remark = rest.epochs > 0 ? REMARKS[setting.spec.strategy]?.(setting.spec, rest) : undefined;
  return remark === undefined ? [] : [remark];
}

const REMARKS: Readonly<Record<string, Remark>> = {
  cosine: (spec, rest) => adviseLength(spec, 'min_lr', rest),
  polynomial: (spec, rest) =>
    spec['cycle'] === true ? adviseCycles(spec, rest) : adviseLength(spec, 'end_lr', rest),
  cosine_restarts: adviseRestarts,
  wsd: ({ decay }, rest) =>
    toEpochs(decay, rest) > rest.epochs * (1 + NEAR)
      ? `decay ${show(decay)} of ${showEpochs(rest.epochs)}: it takes all of the training, and lr is never held`
      : undefined,
};

function adviseLength(spec: StrategySpec, end: string, rest: Rest): string | undefined {
  const { decay_steps } = spec;
  if (decay_steps === undefined) return undefined;
  const length = toEpochs(decay_steps, rest);
  const what = `decay_steps ${show(decay_steps)} of ${showEpochs(rest.epochs)}`;
  if (length > rest.epochs * (1 + NEAR)) return `${what}: ${endsElsewhere(spec, end, rest)}`;
  if (length >= rest.epochs * EARLY) return undefined;
  const last = showEpochs(rest.epochs - length);
  const nothing = Number(spec[end]) === 0 ? ', in which nothing is learnt' : '';
  return `${what}: the learning rate is ${end} ${toShort(Number(spec[end]))} for the last ${last}${nothing}`;
}

function adviseCycles(spec: StrategySpec, rest: Rest): string | undefined {
  const { decay_steps } = spec;
  if (decay_steps === undefined) return undefined;
  const [start, end] = cosineAt(toEpochs(decay_steps, rest), 1, rest.epochs);
  if (end === rest.epochs) return undefined;
  return `training ends inside a cycle, ${span(start, end, rest)}: ${endsElsewhere(spec, 'end_lr', rest)}`;
}

function adviseRestarts(spec: StrategySpec, rest: Rest): string | undefined {
  const { first, t_mul } = spec;
  const [start, end] = cosineAt(toEpochs(first, rest), Number(t_mul), rest.epochs);
  if (end === rest.epochs) return undefined;
  const elsewhere = endsElsewhere(spec, 'min_lr', rest);
  return start === 0
    ? `first ${show(first)} of ${showEpochs(rest.epochs)}: there is no restart, and ${elsewhere}`
    : `training ends inside a cosine, ${span(start, end, rest)}: ${elsewhere}`;
}

/** Where the length that so many epochs end in starts and ends; at `epochs` itself where only rounding says otherwise. */
function cosineAt(first: number, factor: number, epochs: number): readonly [number, number] {
  let [start, length] = [0, first];
  if (factor === 1) start = Math.max(0, Math.ceil((epochs / first) * (1 - NEAR)) - 1) * first;
  else
    while (start + length < epochs * (1 - NEAR))
      [start, length] = [start + length, length * factor];
  const end = start + length;
  return [start, Math.abs(end - epochs) <= NEAR * epochs ? epochs : end];
}

function span(start: number, end: number, { epochs }: Rest): string {
  return `which takes epochs ${toShort(start)} to ${toShort(end)} of ${toShort(epochs)}`;
}

function endsElsewhere(spec: StrategySpec, end: string, rest: Rest): string {
  return `the learning rate ends at ${toShort(rateAtEnd(spec, rest))}, not at ${end} ${toShort(Number(spec[end]))}`;
}

function show(length: unknown): string {
  return typeof length === 'number' ? `${length} steps` : String(length);
}
