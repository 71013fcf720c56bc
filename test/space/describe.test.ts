import { describe, expect, it } from 'vitest';
import type { StrategyGrid } from '../../src/domain/sweep.ts';
import { describeConfig, describeStrategy } from '../../src/space/describe.ts';
import { trialAt, trials } from '../../src/space/grid.ts';
import { sweepSpec } from './sweep-spec.ts';

const strategiesOf = (...learning_rate: StrategyGrid[]): string[] => {
  const spec = sweepSpec({ learning_rate });
  return Array.from(trials(spec), (trial) => describeStrategy(trial, spec));
};

describe('a strategy in a few words', () => {
  it('has the fields that were written, constants too, and no defaults', () => {
    const axes = { lr: [0.1], factor: [0.5, 0.1], patience: [2] };
    expect(strategiesOf({ strategy: 'plateau', axes })).toEqual([
      'lr 0.1 factor 0.5 patience 2',
      'lr 0.1 factor 0.1 patience 2',
    ]);
  });

  it('follows the item that the trial comes from when several have the same strategy', () => {
    expect(
      strategiesOf(
        { strategy: 'step', axes: { lr: [0.1], step_size: ['2 epochs'] } },
        { strategy: 'step', axes: { lr: [0.1], step_size: [5], gamma: [0.5] } },
      ),
    ).toEqual(['lr 0.1 step_size 2 epochs', 'lr 0.1 step_size 5 gamma 0.5']);
  });

  it('shows numbers in full, so that two values never look alike', () => {
    const lr = [1e-5, 0.1 + 0.2, 0.99994, 123_456, 0.000_25];
    expect(strategiesOf({ strategy: 'fixed', axes: { lr } })).toEqual([
      'lr 0.00001',
      'lr 0.30000000000000004',
      'lr 0.99994',
      'lr 123456',
      'lr 0.00025',
    ]);
  });

  it("shows what the trial's own item of the file gives, also where another item would fit it too", () => {
    expect(
      strategiesOf(
        { strategy: 'step', axes: { lr: [0.1], step_size: [2] } },
        { strategy: 'step', axes: { lr: [0.1], step_size: [2], gamma: [0.5] } },
      ),
    ).toEqual(['lr 0.1 step_size 2', 'lr 0.1 step_size 2 gamma 0.5']);
  });

  it('shows lists and warm-ups', () => {
    const axes = { lr: [0.1], milestones: [[3, '5 epochs']], warmup: [{ length: '1 epoch' }] };
    expect(strategiesOf({ strategy: 'multistep', axes })).toEqual([
      'lr 0.1 milestones [3, 5 epochs] warmup (length 1 epoch start_factor 0.1)',
    ]);
  });

  it('says how a learning rate is to be found, and how many times that it is', () => {
    const lr = [0.1, { find: {} }, { find: null }, { find: { suggest: 'minimum', times: 0.5 } }];
    expect(strategiesOf({ strategy: 'fixed', axes: { lr } })).toEqual([
      'lr 0.1',
      'lr found by valley',
      'lr found by valley',
      'lr found by minimum × 0.5',
    ]);
  });

  it('shows the value once it was found', () => {
    const spec = sweepSpec({
      learning_rate: [{ strategy: 'step', axes: { lr: [{ find: {} }], step_size: [2] } }],
    });
    const learning_rate = { strategy: 'step', lr: 0.012, step_size: 2, gamma: 0.1 };
    expect(describeStrategy({ ...trialAt(spec, 0), learning_rate }, spec)).toBe(
      'lr 0.012 step_size 2',
    );
  });

  it('tells lists apart of which one begins with the other', () => {
    expect(
      strategiesOf(
        { strategy: 'multistep', axes: { lr: [0.1], milestones: [[3]], gamma: [0.1] } },
        { strategy: 'multistep', axes: { lr: [0.1], milestones: [[3, 5]] } },
      ),
    ).toEqual(['lr 0.1 milestones [3] gamma 0.1', 'lr 0.1 milestones [3, 5]']);
  });
});

describe('the rest of a trial in a few words', () => {
  it('has the axes of the config with more than one value, and epochs if they are one', () => {
    const config = { batch_size: [32, 64], optimizer: ['momentum'], layers: [[64, 32], [64]] };
    const spec = sweepSpec({ config, epochs: [10, 20] });
    expect(describeConfig(trialAt(spec, 0), spec)).toBe('batch_size 32 layers [64, 32] epochs 10');
    expect(describeConfig(trialAt(spec, 7), spec)).toBe('batch_size 64 layers [64] epochs 20');
  });

  it('is empty where nothing varies', () => {
    const spec = sweepSpec({ config: { optimizer: ['adam'] } });
    expect(describeConfig(trialAt(spec, 0), spec)).toBe('');
  });

  it('lets no control characters through, and no long texts', () => {
    const spec = sweepSpec({ config: { 'a\u{1B}': ['\u{1B}[31m', 'x'.repeat(100), null, true] } });
    const words = Array.from(trials(spec), (trial) => describeConfig(trial, spec));
    expect(words).toEqual([
      'a\u{FFFD} \u{FFFD}[31m',
      `a\u{FFFD} ${'x'.repeat(39)}…`,
      'a\u{FFFD} null',
      'a\u{FFFD} true',
    ]);
  });
});
