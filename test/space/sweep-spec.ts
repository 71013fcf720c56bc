// A sweep with one trial, for tests that change what matters to them.

import type { SweepSpec } from '../../src/domain/sweep.ts';

/** A good spec, with `changes`. */
export function sweepSpec(changes: Partial<SweepSpec> = {}): SweepSpec {
  return {
    name: 'test',
    trial: './trial.ts',
    objective: { metric: 'val_loss', mode: 'min', at: 'best' },
    files: [],
    epochs: [3],
    seeds: [1],
    config: {},
    learning_rate: [{ strategy: 'fixed', axes: { lr: [0.1] } }],
    search: 'grid',
    stop: 'none',
    slots: { kind: 'any', per_trial: 1 },
    sharing: 'on',
    checkpoint_every: { unit: 'epochs', count: 5 },
    keep: 'best',
    retries: 3,
    exclusive: false,
    priority: 0,
    backends: [],
    ...changes,
  };
}
