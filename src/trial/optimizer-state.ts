// Where each optimizer of TensorFlow.js 4.22 keeps what it knows: a table of its private fields, and copies out of and into them.
// Promise: all of the state but the learning rate, which each epoch sets, and the momentum, which the controls know.

import assert from 'node:assert/strict';

import * as tf from '@tensorflow/tfjs';

import type { NamedTensor, Shaped } from './checkpoint-files.ts';

/** Lists of one variable a trained weight, made at the first step, and single variables. */
type Layout = { readonly slots: readonly string[]; readonly scalars: readonly string[] };

const LAYOUTS: readonly (readonly [{ readonly prototype: tf.Optimizer }, Layout])[] = [
  [tf.SGDOptimizer, { slots: [], scalars: [] }],
  [tf.MomentumOptimizer, { slots: ['accumulations'], scalars: [] }],
  [
    tf.AdamOptimizer,
    {
      slots: ['accumulatedFirstMoment', 'accumulatedSecondMoment'],
      scalars: ['accBeta1', 'accBeta2'],
    },
  ],
  [
    tf.AdamaxOptimizer,
    {
      slots: ['accumulatedFirstMoment', 'accumulatedWeightedInfNorm'],
      scalars: ['iteration', 'accBeta1'],
    },
  ],
  [
    tf.RMSPropOptimizer,
    {
      slots: ['accumulatedMeanSquares', 'accumulatedMoments', 'accumulatedMeanGrads'],
      scalars: [],
    },
  ],
  [tf.AdagradOptimizer, { slots: ['accumulatedGrads'], scalars: [] }],
  [tf.AdadeltaOptimizer, { slots: ['accumulatedGrads', 'accumulatedUpdates'], scalars: [] }],
];

/** A variable with a name that only the library's own saving looks at. */
type Slot = { readonly originalName: string; readonly variable: tf.Variable };

/** Whether this is one of the library's optimizers; a class derived from one may know more than the table says. */
export function isKnownOptimizer(optimizer: tf.Optimizer): boolean {
  return findLayout(optimizer) !== undefined;
}

/** What the optimizer was made with, without what a strategy may have moved since. */
export function hyperparametersOf(optimizer: tf.Optimizer): object {
  const { learningRate: _, momentum: __, beta1: ___, ...rest } = optimizer.getConfig();
  return rest;
}

/** Every tensor of the state. */
export function namedState(optimizer: tf.Optimizer): NamedTensor[] {
  const { slots, scalars } = layoutOf(optimizer);
  return [
    ...slots.flatMap((field) =>
      slotsOf(optimizer, field).map(({ variable }, at) => ({
        name: `${field}/${at}`,
        tensor: variable,
      })),
    ),
    ...scalars.map((field) => ({ name: field, tensor: scalarOf(optimizer, field) })),
  ];
}

/** What {@link namedState} gives after so many steps that trained these weights. */
export function stateShapes(
  optimizer: tf.Optimizer,
  trained: readonly Shaped[],
  iterations: number,
): Shaped[] {
  const { slots, scalars } = layoutOf(optimizer);
  return [
    ...(iterations === 0 ? [] : slots.flatMap(() => trained)),
    ...scalars.map((field) => scalarOf(optimizer, field)),
  ];
}

/** Takes over a state of the right shapes, in the order of {@link namedState}; the tensors stay the caller's. */
export function assignState(
  optimizer: tf.Optimizer,
  iterations: number,
  values: readonly tf.Tensor[],
): void {
  const { slots, scalars } = layoutOf(optimizer);
  const each = (values.length - scalars.length) / Math.max(slots.length, 1);
  slots.forEach((field, at) =>
    replaceSlots(optimizer, field, values.slice(at * each, (at + 1) * each)),
  );
  values.slice(slots.length * each).forEach((value, at) => {
    scalarOf(optimizer, scalars[at] ?? '').assign(value);
  });
  Reflect.set(optimizer, 'iterations_', iterations);
}

function replaceSlots(optimizer: tf.Optimizer, field: string, values: readonly tf.Tensor[]): void {
  for (const { variable } of slotsOf(optimizer, field)) variable.dispose();
  const slots: Slot[] = values.map((value, at) => ({
    originalName: `${field}/${at}`,
    variable: tf.variable(value, false),
  }));
  Reflect.set(optimizer, field, slots);
}

function layoutOf(optimizer: tf.Optimizer): Layout {
  const layout = findLayout(optimizer);
  assert(layout, `the state of the optimizer ${optimizer.getClassName()} is not known`);
  const { slots, scalars } = layout;
  // An RMSProp that is not centered never fills this one.
  const isUsed = (field: string): boolean =>
    field !== 'accumulatedMeanGrads' || Reflect.get(optimizer, 'centered') === true;
  return { slots: slots.filter(isUsed), scalars };
}

/** By prototype: `instanceof` says yes to any two optimizers, and a derived class inherits the name. */
function findLayout(optimizer: tf.Optimizer): Layout | undefined {
  const prototype: unknown = Object.getPrototypeOf(optimizer);
  return LAYOUTS.find(([type]) => type.prototype === prototype)?.[1];
}

/** The optimizer's fields are private; the table says what is in them. */
function slotsOf(optimizer: tf.Optimizer, field: string): readonly Slot[] {
  return Reflect.get(optimizer, field);
}

function scalarOf(optimizer: tf.Optimizer, field: string): tf.Variable {
  return Reflect.get(optimizer, field);
}
