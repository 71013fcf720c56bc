// The update rules of tfjs's seven optimizers.
// Promise: the same operations in the same order as in tfjs-core 4.22 (src/optimizers), each rounded to float32, so that a fused step gives the same
// bits as the dozen kernels that it replaces. That includes tfjs's peculiarities: epsilon under or outside the root, Adam's running powers of beta,
// Adadelta's update from the old average of squares.

import { tidy } from '@tensorflow/tfjs';
import type { Scalar, Variable } from '@tensorflow/tfjs';
import type { Formula } from './elementwise-loop.ts';
import { abs, add, div, max, mul, scalar, sqrt, stream, sub } from './elementwise-loop.ts';
import type { UpdateRule } from './update-rule.ts';
import { zeroSlot } from './update-rule.ts';

const value = stream('value');
const gradient = stream('gradient');
const squared = mul(gradient, gradient);
const f32 = Math.fround;

/** average * decay + sample * (1 - decay), with the scalars `decay` and `fresh`. */
function movingAverage(average: Formula, sample: Formula, decay: string, fresh: string): Formula {
  return add(mul(average, scalar(decay)), mul(sample, scalar(fresh)));
}

/** tfjs's scalar power of beta, multiplied by beta in float32. */
function multiplyInPlace(power: Variable, beta: number): void {
  tidy(() => power.assign(power.mul<Scalar>(beta)));
}

type SgdState = { readonly c: Variable };

/** w + c * g, with c = -learning rate. */
export const SGD: UpdateRule<SgdState> = {
  name: 'sgd',
  slots: [],
  scalars: (state, read) => ({ c: read(state.c) }),
  stores: { next: add(mul(scalar('c'), gradient), value) },
};

type MomentumState = { readonly c: Variable; readonly m: Variable };

const accumulated = add(mul(scalar('m'), stream('accumulations')), gradient);

/** a' = m * a + g;  w + c * a'. */
export const MOMENTUM: UpdateRule<MomentumState> = {
  name: 'momentum',
  slots: [zeroSlot('accumulations', 'momentum')],
  scalars: (state, read) => ({ c: read(state.c), m: read(state.m) }),
  stores: { accumulations: accumulated, next: add(mul(scalar('c'), accumulated), value) },
};

/** a' = m * a + g;  w + c * (g + a' * m). */
export const NESTEROV: UpdateRule<MomentumState> = {
  ...MOMENTUM,
  name: 'nesterov',
  stores: {
    accumulations: accumulated,
    next: add(mul(scalar('c'), add(gradient, mul(accumulated, scalar('m')))), value),
  },
};

type AdamState = {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
};

const adamFirst = movingAverage(stream('accumulatedFirstMoment'), gradient, 'beta1', 'fresh1');
const adamSecond = movingAverage(stream('accumulatedSecondMoment'), squared, 'beta2', 'fresh2');
const adamScale = add(sqrt(div(adamSecond, scalar('correction2'))), scalar('epsilon'));

/** m' and v' as moving averages of g and g²;  w - lr * (m' / (1 - beta1^t)) / (sqrt(v' / (1 - beta2^t)) + eps). */
export const ADAM: UpdateRule<AdamState> = {
  name: 'adam',
  slots: [zeroSlot('accumulatedFirstMoment', 'm'), zeroSlot('accumulatedSecondMoment', 'v')],
  scalars: (state, read) => ({
    beta1: state.beta1,
    fresh1: 1 - state.beta1,
    beta2: state.beta2,
    fresh2: 1 - state.beta2,
    correction1: 1 - read(state.accBeta1),
    correction2: 1 - read(state.accBeta2),
    epsilon: state.epsilon,
    rate: -state.learningRate,
  }),
  stores: {
    accumulatedFirstMoment: adamFirst,
    accumulatedSecondMoment: adamSecond,
    next: add(mul(div(div(adamFirst, scalar('correction1')), adamScale), scalar('rate')), value),
  },
  after: (state) => {
    multiplyInPlace(state.accBeta1, state.beta1);
    multiplyInPlace(state.accBeta2, state.beta2);
  },
};

type AdamaxState = {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly iteration: Variable;
  readonly accBeta1: Variable;
};

const adamaxNorm = max(mul(stream('accumulatedWeightedInfNorm'), scalar('beta2')), abs(gradient));

/** m' as in Adam, u' = max(beta2 * u, |g|);  w - lr / (1 - beta1^t) * (m' / (u' + eps)). */
export const ADAMAX: UpdateRule<AdamaxState> = {
  name: 'adamax',
  slots: [zeroSlot('accumulatedFirstMoment', 'm'), zeroSlot('accumulatedWeightedInfNorm', 'v')],
  scalars: (state, read) => {
    const slowdown = f32(f32(read(state.iteration) * f32(state.decay)) + 1);
    const rate = f32(f32(-state.learningRate) / slowdown);
    return {
      beta1: state.beta1,
      fresh1: 1 - state.beta1,
      beta2: state.beta2,
      epsilon: state.epsilon,
      rate: rate / f32(1 - read(state.accBeta1)),
    };
  },
  stores: {
    accumulatedFirstMoment: adamFirst,
    accumulatedWeightedInfNorm: adamaxNorm,
    next: add(mul(scalar('rate'), div(adamFirst, add(adamaxNorm, scalar('epsilon')))), value),
  },
  after: (state) => {
    tidy(() => state.iteration.assign(state.iteration.add<Scalar>(1)));
    multiplyInPlace(state.accBeta1, state.beta1);
  },
};

type RmsState = {
  readonly learningRate: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
};

const meanSquare = movingAverage(stream('accumulatedMeanSquares'), squared, 'decay', 'fresh');
const meanGradient = movingAverage(stream('accumulatedMeanGrads'), gradient, 'decay', 'fresh');
const rated = mul(gradient, scalar('rate'));

/** m' = momentum * m + step;  the step divided by the root of the mean square. */
function rmsMoment(divisor: Formula): Formula {
  return add(mul(stream('accumulatedMoments'), scalar('momentum')), div(rated, sqrt(divisor)));
}

const plainMoment = rmsMoment(add(meanSquare, scalar('epsilon')));
const centeredMoment = rmsMoment(
  sub(meanSquare, add(mul(meanGradient, meanGradient), scalar('epsilon'))),
);

/** s' the mean of g²;  m' = momentum * m + lr * g / sqrt(s' + eps);  w - m'. */
export const RMSPROP: UpdateRule<RmsState> = {
  name: 'rmsprop',
  slots: [zeroSlot('accumulatedMeanSquares', 'rms'), zeroSlot('accumulatedMoments', 'momentum')],
  scalars: (state) => ({
    decay: state.decay,
    fresh: 1 - state.decay,
    momentum: state.momentum,
    epsilon: state.epsilon,
    rate: state.learningRate,
  }),
  stores: {
    accumulatedMeanSquares: meanSquare,
    accumulatedMoments: plainMoment,
    next: sub(value, plainMoment),
  },
};

/** As RMSProp with the variance s' - (mean of g)² - eps under the root. */
export const CENTERED_RMSPROP: UpdateRule<RmsState> = {
  ...RMSPROP,
  name: 'centered-rmsprop',
  slots: [...RMSPROP.slots, zeroSlot('accumulatedMeanGrads', 'mg')],
  stores: {
    accumulatedMeanSquares: meanSquare,
    accumulatedMeanGrads: meanGradient,
    accumulatedMoments: centeredMoment,
    next: sub(value, centeredMoment),
  },
};

type AdagradState = { readonly learningRate: number; readonly initialAccumulatorValue: number };

const squares = add(stream('accumulatedGrads'), squared);
const BACKEND_EPSILON = 1e-7; // what tfjs's float32 backends answer, and what its Adagrad asks them for

/** s' = s + g²;  w - lr * g / sqrt(s' + eps). */
export const ADAGRAD: UpdateRule<AdagradState> = {
  name: 'adagrad',
  slots: [
    {
      field: 'accumulatedGrads',
      suffix: 'accumulator',
      initial: (state) => state.initialAccumulatorValue,
    },
  ],
  scalars: (state) => ({ epsilon: BACKEND_EPSILON, rate: -state.learningRate }),
  stores: {
    accumulatedGrads: squares,
    next: add(mul(div(gradient, sqrt(add(squares, scalar('epsilon')))), scalar('rate')), value),
  },
};

type AdadeltaState = {
  readonly learningRate: number;
  readonly rho: number;
  readonly epsilon: number;
};

const oldSquares = stream('accumulatedGrads');
const oldUpdates = stream('accumulatedUpdates');
const epsilon = scalar('epsilon');
const update = mul(div(sqrt(add(oldUpdates, epsilon)), sqrt(add(oldSquares, epsilon))), gradient);

/** d = sqrt(u + eps) / sqrt(s + eps) * g;  s' and u' the moving averages of g² and d²;  w - lr * d. */
export const ADADELTA: UpdateRule<AdadeltaState> = {
  name: 'adadelta',
  slots: [zeroSlot('accumulatedGrads', 'accum_grad'), zeroSlot('accumulatedUpdates', 'accum_var')],
  scalars: (state) => ({
    rho: state.rho,
    fresh: 1 - state.rho,
    epsilon: state.epsilon,
    rate: -state.learningRate,
  }),
  stores: {
    accumulatedGrads: movingAverage(oldSquares, squared, 'rho', 'fresh'),
    accumulatedUpdates: movingAverage(oldUpdates, mul(update, update), 'rho', 'fresh'),
    next: add(mul(update, scalar('rate')), value),
  },
};
