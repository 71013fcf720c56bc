// How much of the variation between trials goes back to one choice: the share of the variance that its main effect has.
// Source: functional ANOVA (Hutter, Hoos and Leyton-Brown, ICML 2014, equations 3 to 6). They fit a forest, since they have some
// points of a space; a grid has all of them, so the means over the grid are exact and nothing is fitted. Where trials are missing
// (failed, or still to come), each value counts by its trials.
// Promise: between 0 and 1, whatever is missing. The share that chance alone would have is told beside it: values dealt out at random
// among L levels of n trials have (L − 1)/(n − 1) in the mean.

/** A trial's value and, for each factor, which level it has; a factor that is absent does not concern it. */
export type Observation = {
  readonly value: number;
  readonly levels: Readonly<Record<string, string>>;
};

/** A factor's share of the variance, and what chance alone would have. */
export type VarianceShare = {
  readonly factor: string;
  readonly levels: number;
  readonly trials: number;
  readonly share: number;
  readonly chance: number;
};

/** The share of each factor among the observations that have it; a factor with one level is left out. */
export function varianceShares(
  observations: readonly Observation[],
  factors: readonly string[],
): readonly VarianceShare[] {
  return factors.flatMap((factor) => {
    const having = observations.filter(({ levels }) => Object.hasOwn(levels, factor));
    const groups = new Map<string, number[]>();
    for (const { value, levels } of having) {
      const level = levels[factor] ?? '';
      const group = groups.get(level);
      if (group === undefined) groups.set(level, [value]);
      else group.push(value);
    }
    if (groups.size < 2) return [];
    const all = having.map(({ value }) => value);
    const share = explained([...groups.values()], all);
    const chance = (groups.size - 1) / (all.length - 1);
    return [{ factor, levels: groups.size, trials: all.length, share, chance }];
  });
}

function explained(groups: readonly (readonly number[])[], all: readonly number[]): number {
  const middle = meanOf(all);
  const total = all.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const between = groups.reduce(
    (sum, group) => sum + group.length * (meanOf(group) - middle) ** 2,
    0,
  );
  return total === 0 ? 0 : Math.min(1, between / total);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
