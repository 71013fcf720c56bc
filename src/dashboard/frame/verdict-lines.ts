// How a sweep went, in sentences: what somebody reads who looks at it for the first time.

import { isOver } from '../summary/strategies.ts';
import type { Goal } from '../summary/goal.ts';
import { verdictOf, type Placed, type Verdict } from '../summary/verdict.ts';
import type { StrategyRow } from '../strategies/strategy-rows.ts';
import type { SweepView } from '../../wire/generated/espalier/v1/sweep.ts';
import { span, type Line } from './line.ts';
import { formatValue, plural } from './number.ts';
import { wrap } from './text.ts';

/** The sentences, in at most `columns` columns each; none before a trial has completed. */
export function verdictLines(
  sweep: SweepView,
  rows: readonly StrategyRow[],
  goal: Goal,
  columns: number,
): readonly Line[] {
  const verdict = verdictOf(rows, goal);
  if (verdict === undefined) return [];
  const isFinal = sweep.state !== 'running' && rows.every(({ of }) => of.every(isOver));
  const metric = sweep.objective?.metric ?? 'objective';
  const room = Math.max(10, columns - 2);
  const [first = '', ...rest] = wrap(winnerText(verdict, metric, goal, isFinal), room);
  const more = wrap(marginText(verdict, goal, isFinal), room);
  return [
    [span(` ${first}`, isFinal ? 'good' : 'strong')],
    ...rest.map((text): Line => [span(` ${text}`, isFinal ? 'good' : 'strong')]),
    ...more.map((text): Line => [span(` ${text}`)]),
  ];
}

/** `plateau wins: lr 0.05 factor 0.5 patience 3 has the lowest val_loss, 0.03412 (median of 3 seeds).` Nobody wins by chance. */
function winnerText(verdict: Verdict, metric: string, { mode }: Goal, isFinal: boolean): string {
  const { best, seeds } = verdict;
  const ends = seeds === 'few' || seeds === 'mixed' ? 'comes first' : 'wins';
  const leads = isFinal ? ends : 'leads so far';
  const which = mode === 'max' ? 'highest' : 'lowest';
  const has = best.label === '' ? 'it has' : `${best.label.replaceAll('  ', ', ')} has`;
  return `${best.strategy} ${leads}: ${has} the ${which} ${metric}, ${valueText(best)}.`;
}

function valueText({ median, values }: Placed): string {
  const seeds = values.length === 1 ? 'one seed' : `median of ${plural(values.length, 'seed')}`;
  return `${formatValue(median)} (${seeds})`;
}

function seedsText(seeds: Verdict['seeds'], best: string, other: string): string {
  if (seeds === 'few') return 'With so few seeds this may be chance.';
  if (seeds === 'mixed') return 'Their seeds overlap, so this may be chance.';
  return `Even the worst seed of ${best} is better than the best of ${other}.`;
}

function marginText(verdict: Verdict, goal: Goal, isFinal: boolean): string {
  const { best, other } = verdict;
  if (other === undefined) return noOtherText(best, isFinal);
  const [what, than] =
    best.strategy === 'fixed'
      ? ['No strategy beats this fixed rate; the best of them', 'worse']
      : ['The best fixed rate', goal.mode === 'max' ? 'lower' : 'higher'];
  const name = best.strategy === 'fixed' ? `${other.strategy} ${other.label}` : other.label;
  const setting = name.replaceAll('  ', ', ');
  const gap = `${gapText(verdict)} ${than}`;
  // More seeds are to come while it runs.
  const seeds = isFinal ? ` ${seedsText(verdict.seeds, best.strategy, other.strategy)}` : '';
  return `${what}, ${setting}, comes to ${formatValue(other.median)}: ${gap}.${seeds}`;
}

function noOtherText({ strategy }: Placed, isFinal: boolean): string {
  if (strategy === 'fixed') return `Only fixed rates have completed${isFinal ? '' : ' so far'}.`;
  return isFinal
    ? 'No fixed rate to compare it with has completed.'
    : 'No fixed rate has completed yet.';
}

/** `0.0051 (12 %)`, with what share of the winner's value that is. */
function gapText({ margin, best, other }: Verdict): string {
  const isShare = best.median > 0 && (other?.median ?? 0) > 0;
  const share = Math.round((100 * margin) / Math.abs(best.median));
  const gap = String(Number(margin.toPrecision(2)));
  return isShare && share >= 1 ? `${gap} (${share} %)` : gap;
}
