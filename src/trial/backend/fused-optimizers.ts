// tfjs's optimizers with one loop over each weight in place of a dozen kernels, on the wasm backend.
// Promise: a drop-in: the objects of tf.train.* behave as before, give the same bits, and keep their state in their own variables, so that
// getWeights and setWeights work. On any other backend, and for weights that are not float32, tfjs's own step runs.
//
// A new value goes to new memory and never over the old: the backend caches packed copies of a weight under its id and would go on using them. State
// beside the weights is overwritten in place, unless someone else holds the same memory.

import * as tf from '@tensorflow/tfjs';
import type { Optimizer, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { ElementwiseLoop } from './elementwise-loop.ts';
import { runLoop } from './heap-loops.ts';
import type { UpdateRule } from './update-rule.ts';
import * as rules from './update-rules.ts';
import { makeFloats } from './wasm-heap.ts';

type Gradients = Parameters<Optimizer['applyGradients']>[0];
type NamedTensor = Extract<Gradients, readonly unknown[]>[number];
type Slots = ({ readonly originalName: string; readonly variable: Variable } | undefined)[];
type Pair = { readonly value: Variable; readonly gradient: Tensor | undefined };
type Fusable = Optimizer & { incrementIterations: () => void };

/** Puts the fused step into every optimizer class of tfjs. Call once. */
export function fuseOptimizers(): void {
  fuse(tf.SGDOptimizer, () => toStep(rules.SGD));
  fuse(tf.MomentumOptimizer, (it) =>
    toStep(has(it, 'useNesterov') ? rules.NESTEROV : rules.MOMENTUM),
  );
  fuse(tf.AdamOptimizer, () => toStep(rules.ADAM));
  fuse(tf.AdamaxOptimizer, () => toStep(rules.ADAMAX));
  fuse(tf.AdagradOptimizer, () => toStep(rules.ADAGRAD));
  fuse(tf.AdadeltaOptimizer, () => toStep(rules.ADADELTA));
  fuse(tf.RMSPropOptimizer, (it) =>
    toStep(has(it, 'centered') ? rules.CENTERED_RMSPROP : rules.RMSPROP),
  );
}

function has(optimizer: Optimizer, option: string): boolean {
  return Reflect.get(optimizer, option) === true;
}

type Step = (optimizer: Fusable, backend: BackendWasm, pairs: readonly Pair[]) => void;

/** Replaces `applyGradients` of a class by one that takes the fused step where it can. */
function fuse(
  type: { readonly prototype: Optimizer },
  choose: (optimizer: Optimizer) => Step,
): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the optimizer that it was looked up for
  const original = type.prototype.applyGradients;
  type.prototype.applyGradients = function fused(this: Fusable, gradients: Gradients): void {
    const pairs = toPairs(gradients);
    if (tf.getBackend() !== 'wasm' || !pairs.every(isFloat32)) {
      original.call(this, gradients);
      return;
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the backend of that name
    choose(this)(this, tf.backend() as BackendWasm, pairs);
    this.incrementIterations();
  };
}

/** The weights with their gradients, in the order that tfjs numbers the state by. */
function toPairs(gradients: Gradients): Pair[] {
  const named: NamedTensor[] = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  const variables = tf.engine().registeredVariables;
  return named.map(({ name, tensor }) => ({ value: variables[name]!, gradient: tensor }));
}

function isFloat32({ value, gradient }: Pair): boolean {
  return value.dtype === 'float32' && (gradient ?? value).dtype === 'float32';
}

const loops = new Map<string, ElementwiseLoop>();

function toStep<State>(rule: UpdateRule<State>): Step {
  return (optimizer, backend, pairs) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the private fields of tfjs's class, which the rule names
    const state = optimizer as unknown as State;
    const scalars = rule.scalars(state, (tensor) => tensor.dataSync()[0]!);
    const loop = loops.get(rule.name) ?? toLoop(rule, Object.keys(scalars));
    loops.set(rule.name, loop);
    pairs.forEach((pair, index) => {
      const slots = rule.slots.map((slot) =>
        slotOf(optimizer, slot, slot.initial(state), pair.value, index),
      );
      if (pair.gradient)
        updateWeight(backend, loop, pair.value, pair.gradient, slots, Object.values(scalars));
    });
    rule.after?.(state);
  };
}

function toLoop<State>(rule: UpdateRule<State>, scalars: readonly string[]): ElementwiseLoop {
  const fields = rule.slots.map((slot) => slot.field);
  const targets = fields.map((field) => `new ${field}`);
  const stores = Object.entries(rule.stores).map(([name, formula]) => [
    name === 'next' ? name : `new ${name}`,
    formula,
  ]);
  return {
    name: rule.name,
    streams: ['value', 'gradient', 'next', ...fields, ...targets],
    scalars,
    stores: Object.fromEntries(stores),
  };
}

/** The optimizer's own variable for one weight, made as tfjs makes it if it is not there yet. */
function slotOf(
  optimizer: Optimizer,
  slot: { readonly field: string; readonly suffix: string },
  initial: number,
  value: Variable,
  index: number,
): Variable {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a list by tfjs's constructor
  const slots = Reflect.get(optimizer, slot.field) as Slots;
  const known = slots[index];
  if (known) return known.variable;
  const variable = tf.tidy(() => tf.fill(value.shape, initial).variable(false));
  slots[index] = { originalName: `${value.name}/${slot.suffix}`, variable };
  return variable;
}

function updateWeight(
  backend: BackendWasm,
  loop: ElementwiseLoop,
  value: Variable,
  gradient: Tensor,
  slots: readonly Variable[],
  scalars: readonly number[],
): void {
  const next = makeFloats(backend, value.shape);
  const targets = slots.map((slot) =>
    isShared(backend, slot) ? makeFloats(backend, slot.shape) : slot,
  );
  runLoop(backend, loop, [value, gradient, next, ...slots, ...targets], scalars, value.size);
  replace(value, next);
  slots.forEach((slot, index) => {
    if (targets[index] !== slot) replace(slot, targets[index]!);
  });
}

/** Whether another tensor lies in the same memory, and would change with this one. */
function isShared(backend: BackendWasm, tensor: Tensor): boolean {
  return backend.refCount(tensor.dataId) > 1;
}

function replace(variable: Variable, info: TensorInfo): void {
  const tensor = tf.engine().makeTensorFromTensorInfo(info);
  variable.assign(tensor);
  tensor.dispose();
}
