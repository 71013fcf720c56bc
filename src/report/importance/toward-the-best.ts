// Which choices set the best trials apart from the rest.
// Source: PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023, theorem 2): the Pearson divergence between the distribution of a
// parameter among the best γ of the trials and its distribution among all, Σ p(x)·(q(x)/p(x) − 1)². Where they estimate densities
// with kernels, a grid has few values, so they are counted. It goes by ranks: a loss that diverged does not outweigh the rest.

import type { Observation } from './variance-shares.ts';

/** γ: the best tenth, but at least so many trials (and never more than half). */
const SHARE = 0.1;
const LEAST = 10;

/** How many of so many trials are the best ones. */
export function countBest(trials: number): number {
  return Math.min(Math.floor(trials / 2), Math.max(LEAST, Math.ceil(trials * SHARE)));
}

/** The divergence of each factor, in the order of `factors`; lower scores are better. NaN for a factor that no trial has. */
export function divergences(
  observations: readonly Observation[],
  factors: readonly string[],
  toScore: (value: number) => number,
): readonly number[] {
  return factors.map((factor) => {
    const having = observations
      .filter(({ levels }) => Object.hasOwn(levels, factor))
      .toSorted((a, b) => toScore(a.value) - toScore(b.value));
    const best = having.slice(0, countBest(having.length));
    const [p, q] = [countLevels(having, factor), countLevels(best, factor)];
    if (best.length === 0) return Number.NaN;
    return [...p].reduce((sum, [level, count]) => {
      const share = count / having.length;
      return sum + share * ((q.get(level) ?? 0) / best.length / share - 1) ** 2;
    }, 0);
  });
}

function countLevels(
  observations: readonly Observation[],
  factor: string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { levels } of observations) {
    const level = levels[factor] ?? '';
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts;
}
