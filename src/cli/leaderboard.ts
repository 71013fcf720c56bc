// The leaderboard as lines: settings by their median over seeds, and the winner against the best fixed rate.

import type { LeaderboardRow, SweepRow } from '../results/open-results.ts';
import type { Setting } from '../results/summary.ts';
import { summarise } from '../results/summary.ts';
import { toShortNumber, toTable } from './output.ts';

/** At most `top` settings, best first, and the comparison. */
export function leaderboardLines(
  sweep: SweepRow,
  rows: readonly LeaderboardRow[],
  top: number,
): readonly string[] {
  const settings = summarise(rows, sweep.mode);
  if (settings.length === 0) return [`${sweep.sweep_id}: no trial has completed yet`];
  const header = ['RANK', `MEDIAN ${sweep.metric}`, 'SPREAD', 'SEEDS', 'SETTING', 'BEST TRIAL'];
  const lines = settings
    .slice(0, top)
    .map((setting, i) => [
      i + 1,
      setting.median,
      spread(setting),
      setting.seeds,
      setting.label,
      setting.trialIds[0] ?? '',
    ]);
  return [...toTable(header, lines), '', ...compare(sweep, settings)];
}

function compare(sweep: SweepRow, settings: readonly Setting[]): readonly string[] {
  const [best] = settings;
  const fixed = settings.find((setting) => setting.strategy === 'fixed');
  if (best === undefined) return [];
  const says = (setting: Setting): string =>
    `${setting.label} (median ${sweep.metric} ${toShortNumber(setting.median)})`;
  if (fixed === undefined) return [`best: ${says(best)}`];
  if (fixed === best) return [`best: ${says(best)}; no strategy did better than this fixed rate`];
  return [
    `best: ${says(best)}`,
    `best fixed rate: ${says(fixed)}, ${toShortNumber(Math.abs(best.median - fixed.median))} behind`,
  ];
}

function spread(setting: Setting): string {
  return setting.seeds === 1
    ? ''
    : `${toShortNumber(setting.least)} … ${toShortNumber(setting.greatest)}`;
}
