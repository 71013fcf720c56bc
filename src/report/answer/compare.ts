// Who won, and how sure that is: the best setting against the best fixed rate, seed by seed.
// Promise: nothing is called better that the seeds cannot tell apart. The best of many settings looks better than it is, since luck
// helped to choose it; so the verdict asks for more than the interval: that zero lies outside it also at the level 1 − 0.05/k,
// k being the number of settings that were compared (Bonferroni; Dunn 1961).

import type { Mode } from '../../domain/objective.ts';
import { pairedInterval, type PairedInterval } from './paired-interval.ts';
import type { Standing } from './standing.ts';

/** How often in twenty an interval may miss. */
const ALPHA = 0.05;

/** What can be said of two settings. `unsettled`: zero is outside the interval, but not once the choice is accounted for. */
export type Verdict =
  | 'distinguishable'
  | 'unsettled'
  | 'not-distinguishable'
  | 'identical'
  | 'unknown';

/** A setting against the reference; differences are turned so that positive is better than the reference. */
export type Comparison = {
  readonly standing: Standing;
  readonly interval: PairedInterval | undefined;
  readonly verdict: Verdict;
};

/** The answer of a sweep with at least one value. */
export type Answer = {
  readonly winner: Standing;
  /** The best fixed rate, or where the winner is that or there is none the best setting of another strategy, or the next of its own. */
  readonly rival: Standing | undefined;
  /** Whether the sweep has a fixed rate with a value. */
  readonly hasFixed: boolean;
  /** The winner against the rival. */
  readonly contest: Comparison | undefined;
  /** What the strategies are compared with: the best fixed rate, else the winner. */
  readonly reference: Standing;
  /** The best setting of every strategy against the reference, best first. */
  readonly strategies: readonly Comparison[];
  /** Settings that took part. */
  readonly settings: number;
};

/** The answer; undefined where nothing has completed. */
export function toAnswer(standings: readonly Standing[], mode: Mode): Answer | undefined {
  const [winner] = standings;
  if (winner === undefined) return undefined;
  const fixed = standings.find(({ strategy }) => strategy === 'fixed');
  const other = standings.find(({ strategy }) => strategy !== winner.strategy);
  const rival = (fixed === winner ? undefined : fixed) ?? other ?? standings[1];
  const reference = fixed ?? winner;
  const compared = standings.length - 1;
  const compare = (standing: Standing, to: Standing): Comparison =>
    toComparison(standing, to, mode, compared);
  return {
    winner,
    rival,
    hasFixed: fixed !== undefined,
    contest: rival === undefined ? undefined : compare(winner, rival),
    reference,
    strategies: firstOfEach(standings).map((standing) => compare(standing, reference)),
    settings: standings.length,
  };
}

function firstOfEach(standings: readonly Standing[]): readonly Standing[] {
  const seen = new Set<string>();
  return standings.filter(({ strategy }) => !seen.has(strategy) && seen.add(strategy));
}

function toComparison(standing: Standing, to: Standing, mode: Mode, compared: number): Comparison {
  const differences = [...standing.values].flatMap(([seed, value]) => {
    const other = to.values.get(seed);
    if (other === undefined) return [];
    return [mode === 'min' ? other - value : value - other];
  });
  const interval = pairedInterval(differences, 1 - ALPHA);
  const strict = pairedInterval(differences, 1 - ALPHA / Math.max(1, compared));
  return { standing, interval, verdict: toVerdict(interval, strict) };
}

function toVerdict(
  interval: PairedInterval | undefined,
  strict: PairedInterval | undefined,
): Verdict {
  if (interval?.low === undefined) return 'unknown';
  if (interval.identical) return 'identical';
  if (!excludesZero(interval)) return 'not-distinguishable';
  return excludesZero(strict) ? 'distinguishable' : 'unsettled';
}

function excludesZero(interval: PairedInterval | undefined): boolean {
  const { low, high } = interval ?? {};
  return low !== undefined && high !== undefined && (low > 0 || high < 0);
}
