// The stage tree by brute force: every prefix of control vectors as a text, metrics as a function of the prefix.

import type { Metrics } from '../../src/domain/objective.ts';
import { createStrategy } from '../../src/lr/create-strategy.ts';
import { parseStrategy } from '../../src/lr/parse-strategy.ts';
import type { Stretch } from '../../src/lr/stretch.ts';
import type { Setting } from '../../src/plan/setting.ts';

/** A setting with every default filled; metrics are `val_loss`, lower being better. */
export function toSetting(spec: object, epochs: number, number = 1): Setting {
  const parsed = parseStrategy(spec, { metric: 'val_loss', mode: 'min' });
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return { number, spec: parsed.strategy, epochs };
}

/** Settings of `epochs` epochs each, numbered from 1. */
export function toSettings(specs: readonly object[], epochs: number): readonly Setting[] {
  return specs.map((spec, i) => toSetting(spec, epochs, i + 1));
}

/**
 * The last prefix of each setting, which says its whole path; how many distinct prefixes there are, and after how many
 * of them there are two or more ways on.
 */
export function growTree(
  settings: readonly Setting[],
  stepsPerEpoch: number,
  metricsAfter: (prefix: string) => Metrics = () => ({}),
): {
  readonly paths: readonly string[];
  readonly prefixes: number;
  readonly forks: number;
} {
  const prefixes = new Set<string>();
  const paths = settings.map(({ spec, epochs }) => {
    const strategy = createStrategy(spec);
    let state = strategy.start({ stepsPerEpoch, epochs });
    let prefix = '';
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const from = epoch * stepsPerEpoch;
      const { learningRate, momentum } = strategy.controls(state, from, stepsPerEpoch);
      prefix += `${toText(learningRate, stepsPerEpoch)}/${toText(momentum, stepsPerEpoch)};`;
      prefixes.add(prefix);
      state = strategy.observe(state, epoch, metricsAfter(prefix));
    }
    return prefix;
  });
  return { paths, prefixes: prefixes.size, forks: countForks([...prefixes]) };
}

function countForks(prefixes: readonly string[]): number {
  const ways = new Map<string, number>();
  for (const prefix of prefixes) {
    const before = prefix.slice(0, prefix.lastIndexOf(';', prefix.length - 2) + 1);
    ways.set(before, (ways.get(before) ?? 0) + 1);
  }
  return [...ways].filter(([before, count]) => before !== '' && count > 1).length;
}

function toText(stretch: Stretch | undefined, count: number): string {
  if (stretch === undefined) return '';
  const values =
    typeof stretch === 'number' ? Array.from({ length: count }, () => stretch) : [...stretch];
  return values.map((value) => Math.fround(value)).join(',');
}
