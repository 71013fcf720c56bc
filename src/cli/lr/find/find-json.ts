// What a range test found, as JSON for programs: exact numbers, and every loss.

import type { Found } from './found.ts';

/** The document. Learning rates have one value for each step; a seed that stopped early has fewer losses. */
export function toJson(found: Found): unknown {
  const { name, chosen, ramp, learningRates, seeds, rates, block } = found;
  return {
    sweep: name,
    config: chosen.config,
    ramp,
    learning_rates: learningRates,
    seeds: seeds.map(({ seed, losses, stopped, stepsPerEpoch, backend, analysis }) => {
      const { smoothed, diverged, ...suggestions } = analysis;
      return {
        seed,
        steps_per_epoch: stepsPerEpoch,
        backend,
        losses,
        stopped: stopped ?? null,
        smoothed,
        diverged_at: diverged?.learningRate ?? null,
        ...suggestions,
      };
    }),
    suggestion: rates,
    learning_rate:
      block === undefined
        ? null
        : [
            { strategy: 'fixed', lr: block.fixed },
            { strategy: 'cyclic', ...block.cyclic },
          ],
  };
}
