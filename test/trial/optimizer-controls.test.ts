// That a learning rate and a momentum set between steps are those of the next step, for every optimizer.

import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { type OptimizerName, type OptimizerSpec, toOptimizer } from '../../src/trial/optimizer.ts';
import { disposeOptimizer, toControls } from '../../src/trial/optimizer-controls.ts';
import { startBackend } from './start-backend.ts';

const ALL: readonly OptimizerName[] = [
  'sgd',
  'momentum',
  'adam',
  'adamax',
  'rmsprop',
  'adagrad',
  'adadelta',
];

// On wasm the steps are the fused ones of this project, on cpu those of the library.
describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => startBackend(backend));

  let weight: tf.Variable;
  beforeEach(() => {
    weight = tf.variable(tf.tensor1d([0.5]));
  });
  afterEach(() => weight.dispose());

  /** Steps down the slope 3 from 0.5, and says by how much. */
  function stepLength(optimizer: tf.Optimizer): number {
    weight.assign(tf.tensor1d([0.5]));
    optimizer.minimize(() => tf.sum(tf.mul(weight, 3)).asScalar(), false, [weight]);
    return 0.5 - weight.dataSync()[0]!;
  }

  describe.each(ALL)('%s', (name) => {
    test('steps in proportion to the learning rate that was set before the step', () => {
      const lengths = [0.01, 0.02].map((learningRate) => {
        const optimizer = toOptimizer(name);
        toControls(optimizer).setLearningRate(learningRate);
        return stepLength(optimizer);
      });
      expect(lengths[0]).toBeGreaterThan(0);
      expect(lengths[1]! / lengths[0]!).toBeCloseTo(2, 2);
    });

    test('uses a learning rate that changes between steps: none at 0, some again after', () => {
      const optimizer = toOptimizer(name);
      const controls = toControls(optimizer);
      const lengths = [0.01, 0, 0.01].map((learningRate) => {
        controls.setLearningRate(learningRate);
        return stepLength(optimizer);
      });
      expect(lengths[1]).toBe(0);
      expect(lengths[2]).toBeGreaterThan(0);
    });

    test('reads back the learning rate that was set', async () => {
      const controls = toControls(toOptimizer(name));
      controls.setLearningRate(0.1);
      expect(await controls.readLearningRate()).toBe(0.1);
    });

    test('leaves no tensor behind', () => {
      const before = tf.memory().numTensors;
      const optimizer = toOptimizer(name);
      const controls = toControls(optimizer);
      for (const learningRate of [0.1, 0.2, 0.3]) {
        controls.setLearningRate(learningRate);
        tf.tidy(() => void stepLength(optimizer));
      }
      disposeOptimizer(optimizer);
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  test('what is read back is what the steps use, even where the field says otherwise', async () => {
    const optimizer = toOptimizer('sgd');
    const controls = toControls(optimizer);
    controls.setLearningRate(0.25);
    Object.assign(optimizer, { learningRate: 0.5 });
    expect(await controls.readLearningRate()).toBe(0.25);
  });

  describe('momentum', () => {
    test.each<[OptimizerSpec, number]>([
      [{ name: 'momentum' }, 0.01 * 3 * 1.5],
      [{ name: 'momentum', nesterov: true }, 0.01 * (3 + 3 * 1.5 * 0.5)],
    ])('%o uses the one that was set before the step', (spec, expected) => {
      const optimizer = toOptimizer(spec);
      const controls = toControls(optimizer);
      controls.setLearningRate(0.01);
      stepLength(optimizer);
      controls.setMomentum(0.5);
      expect(stepLength(optimizer)).toBeCloseTo(expected, 6);
    });

    test.each(['momentum', 'adam', 'adamax', 'rmsprop'] as const)(
      'of %s changes the second step',
      (name) => {
        const lengths = [0.2, 0.8].map((momentum) => {
          const optimizer = toOptimizer(name);
          const controls = toControls(optimizer);
          controls.setLearningRate(0.01);
          controls.setMomentum(0.5);
          stepLength(optimizer);
          controls.setMomentum(momentum);
          return stepLength(optimizer);
        });
        expect(lengths[0]).not.toBe(lengths[1]);
      },
    );

    test.each(['sgd', 'adagrad', 'adadelta'] as const)('of %s is refused in words', (name) => {
      expect(() => toControls(toOptimizer(name)).setMomentum(0.9)).toThrow(
        /moves the momentum, but the optimizer .* has none/,
      );
    });
  });

  test('an optimizer of the user is taken as it is, and one without a learning rate is refused', () => {
    const own = tf.train.sgd(1);
    expect(toOptimizer(own)).toBe(own);
    const odd = Object.assign(tf.train.adam(1), { learningRate: undefined });
    expect(() => toControls(odd)).toThrow(/no numeric learningRate/);
  });
});
