// What the comparison found, in lines: a Markdown table of all settings, and the one ratio that the paper's can be held against.

import { toCount, toTable } from '../markdown-table.ts';
import type { Analysis, Outcome, Spread } from './analyse.ts';

/** Iterations of `triangular2` and of the fixed learning rate in the paper, for the same accuracy of 81.4 %. */
const PAPER = { triangular2: 25_000, fixed: 70_000 };
const PERCENT = 100;

/** The whole report. */
export function toReport(analysis: Analysis): readonly string[] {
  const { fixed, level, iterations, triangular2, outcomes } = analysis;
  return [
    `level: ${toPercent(level)} %, the mean final val_accuracy of the best fixed learning rate, ${fixed.setting}, after ${toCount(iterations)} iterations`,
    '',
    ...toTable(
      [
        'setting',
        'final val_accuracy, % (least – greatest seed)',
        'iterations to the level, first look',
        'of the fixed run’s',
        'iterations to the level, mean of a pass',
        'of the fixed run’s',
      ],
      outcomes.map((outcome) => toCells(outcome, iterations)),
    ),
    '',
    toVerdict('first look', triangular2, fixed, iterations, ({ touched }) => touched),
    toVerdict('mean of a pass', triangular2, fixed, iterations, ({ held }) => held),
    `paper, CIFAR-10: ${toCount(PAPER.triangular2)} of ${toCount(PAPER.fixed)} iterations, ${(PAPER.triangular2 / PAPER.fixed).toFixed(2)}`,
  ];
}

function toCells({ setting, final, touched, held }: Outcome, iterations: number): string[] {
  const accuracy = `${toPercent(final.mean)} (${toPercent(final.least)} – ${toPercent(final.most)})`;
  return [setting, accuracy, ...[touched, held].flatMap((spread) => toBoth(spread, iterations))];
}

function toBoth(spread: Spread, iterations: number): [string, string] {
  const { median, least, most } = spread;
  return [
    `${toReached(median)} (${toReached(least)} – ${toReached(most)})`,
    Number.isFinite(median) ? (median / iterations).toFixed(2) : '–',
  ];
}

function toReached(iterations: number): string {
  return Number.isFinite(iterations) ? toCount(iterations) : 'never';
}

function toVerdict(
  how: string,
  triangular2: Outcome,
  fixed: Outcome,
  iterations: number,
  pick: (outcome: Outcome) => Spread,
): string {
  const [reached, share] = toBoth(pick(triangular2), iterations);
  const [own] = toBoth(pick(fixed), iterations);
  return `${how}: ${triangular2.setting} needs ${reached} of ${toCount(iterations)} iterations, ${share}; ${fixed.setting} itself ${own}`;
}

function toPercent(share: number): string {
  return (share * PERCENT).toFixed(2);
}
