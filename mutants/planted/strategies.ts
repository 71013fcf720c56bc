// Bugs in learning-rate strategies, among them those of the programs that they follow.

import type { Mutant } from '../mutant.ts';

export const STRATEGIES: readonly Mutant[] = [
  {
    name: 'nan-is-best',
    bug: 'a plateau takes NaN for the best value, and nothing is better from then on',
    promise: 'strategies',
    file: 'src/lr/strategies/plateau.ts',
    find: 'if (!Number.isFinite(value)) return false;\n',
    replace: '',
    suite: { file: 'test/lr/strategies/reference-bugs.test.ts' },
    failure: /NaN/i,
  },
  {
    name: 'plateau-waits-longer',
    bug: 'a plateau waits one epoch more than its patience',
    promise: 'strategies',
    file: 'src/lr/strategies/plateau.ts',
    find: 'wait >= settings.patience',
    replace: 'wait > settings.patience',
    suite: { file: 'test/lr/oracle/oracle.test.ts' },
    failure: /plateau/i,
  },
  {
    name: 'warm-up-too-long',
    bug: 'a plateau does not see the epoch that starts where the warm-up ends',
    promise: 'strategies',
    file: 'src/lr/warmup.ts',
    find: 'epoch * state.stepsPerEpoch < state.steps',
    replace: 'epoch * state.stepsPerEpoch <= state.steps',
    suite: { file: 'test/lr/warmup.test.ts' },
    failure: /that ends where an epoch starts lets a plateau see that epoch/,
  },
  {
    name: 'warm-up-a-step-ahead',
    bug: 'a warm-up begins one step above its first share',
    promise: 'strategies',
    file: 'src/lr/warmup.ts',
    find: '(t / state.steps)',
    replace: '((t + 1) / state.steps)',
    suite: { file: 'test/lr/warmup.test.ts' },
    failure: /rises in a line from its share to the learning rate itself/,
  },
  {
    name: 'restart-missed-by-log',
    bug: 'restarts of a cosine are counted by a logarithm, which misses some by rounding',
    promise: 'strategies',
    file: 'src/lr/strategies/cosine-restarts.ts',
    find: `  let place = from;
  for (let end = endOf(place); step >= end; end = endOf(place))
    place = { restarts: place.restarts + 1, start: end, length: place.length * factor };
  return place;`,
    replace: `  const first = from.length / factor ** from.restarts;
  const restarts = Math.floor(Math.log(1 - (step / first) * (1 - factor)) / Math.log(factor));
  const length = first * factor ** restarts;
  const place = { restarts, start: (first * (factor ** restarts - 1)) / (factor - 1), length };
  return endOf(place) === from.start ? from : place;`,
    suite: { file: 'test/lr/strategies/reference-bugs.test.ts' },
    failure: /restart/i,
  },
  {
    name: 'milestone-late',
    bug: 'a milestone acts a step late',
    promise: 'strategies',
    file: 'src/lr/strategies/multistep.ts',
    find: 'if (milestone <= step) cuts += 1;',
    replace: 'if (milestone < step) cuts += 1;',
    suite: { file: 'test/lr/oracle/oracle.test.ts' },
    failure: /multistep/i,
  },
];
