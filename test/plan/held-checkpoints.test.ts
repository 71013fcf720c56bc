// The bound on checkpoints, against families that are really trained stage by stage, and worked out by hand.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { SweepSpec } from '../../src/domain/sweep.ts';
import { countPrefixes } from '../../src/plan/count-prefixes.ts';
import { type SavingFamilies, toHeldCheckpoints } from '../../src/plan/held-checkpoints.ts';
import { mostHeld } from './run-tree.ts';
import { growTree, toSetting } from './tree-of-texts.ts';

const EVERY_5 = { unit: 'epochs', count: 5 } as const;

function held(keep: SweepSpec['keep'], changes: Partial<SavingFamilies> = {}): object {
  const family = { count: 3, forks: 4, epochsTrained: 52, distinctTrials: 6, checkpointBytes: 100 };
  return toHeldCheckpoints({ keep, checkpoint_every: EVERY_5 }, [{ ...family, ...changes }]);
}

describe('three families of six trials with four forks', () => {
  test.each<[SweepSpec['keep'], number]>([
    ['none', 0],
    ['best', 2],
    ['last', 3 * 6],
    // 52 epochs are ten times five and a rest
    ['all', 3 * (6 + 10)],
  ])('hold a checkpoint a fork, two a slot, and with keep: %s %i more', (keep, kept) => {
    const bytes = { held: (12 + kept) * 100, perSlot: 200 };
    expect(held(keep)).toEqual({ forks: 12, kept, perSlot: 2, bytes });
  });

  test('hold none where they cannot be saved, and an unknown size where nobody has seen one', () => {
    const none = { forks: 0, kept: 0, perSlot: 0, bytes: { held: 0, perSlot: 0 } };
    expect(held('all', { checkpointBytes: 0 })).toEqual(none);
    expect(held('best', { checkpointBytes: undefined })).toMatchObject({
      forks: 12,
      bytes: undefined,
    });
  });
});

test('families of different sizes are added up; what any slot or leader may hold is the largest', () => {
  const small = { count: 2, forks: 3, epochsTrained: 9, distinctTrials: 4, checkpointBytes: 10 };
  const large = { ...small, count: 1, checkpointBytes: 1000 };
  const spec = { keep: 'best', checkpoint_every: EVERY_5 } as const;
  expect(toHeldCheckpoints(spec, [small, large])).toEqual({
    forks: 9,
    kept: 2,
    perSlot: 2,
    bytes: { held: 2 * 3 * 10 + 3 * 1000 + 2 * 1000, perSlot: 2000 },
  });
});

const strategy = fc.oneof(
  fc.record({
    strategy: fc.constant('step'),
    lr: fc.constantFrom(1, 0.5),
    step_size: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    strategy: fc.constant('multistep'),
    lr: fc.constant(1),
    milestones: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
    gamma: fc.constantFrom(0.5, 0.1),
  }),
  fc.record({
    strategy: fc.constant('plateau'),
    lr: fc.constantFrom(1, 0.5),
    factor: fc.constantFrom(0.1, 0.5),
    patience: fc.integer({ min: 0, max: 3 }),
  }),
);

test('no order in which stages are trained ever holds more than the bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(strategy, fc.integer({ min: 1, max: 10 })), {
        minLength: 1,
        maxLength: 10,
      }),
      fc.constantFrom('none', 'last', 'all'),
      fc.record({
        slots: fc.integer({ min: 1, max: 3 }),
        every: fc.integer({ min: 1, max: 4 }),
        seed: fc.nat(),
      }),
      (items, keep, run) => {
        const settings = items.map(([spec, epochs], i) => toSetting(spec, epochs, i + 1));
        const { paths } = growTree(settings, 2, (prefix) => ({ val_loss: prefix.length % 7 }));
        const { forks, most, equal } = countPrefixes(settings, 2);
        const repeated = equal.reduce((sum, same) => sum + same.length - 1, 0);
        const family = {
          count: 1,
          forks: forks.most,
          epochsTrained: most,
          distinctTrials: settings.length - repeated,
          checkpointBytes: 1,
        };
        const checkpoint_every = { unit: 'epochs', count: run.every } as const;
        const bound = toHeldCheckpoints({ keep, checkpoint_every }, [family]);
        // What is on its way is none yet in a world where uploads take no time.
        const ofSlots = run.slots * (bound.perSlot - 1);
        expect(mostHeld({ ...run, paths, keep })).toBeLessThanOrEqual(
          bound.forks + bound.kept + ofSlots,
        );
      },
    ),
    { seed: 20_261_122, numRuns: 1000 },
  );
});
