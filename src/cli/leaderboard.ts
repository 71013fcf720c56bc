// The leaderboard as lines: settings by their median over seeds, and the winner against the best fixed rate.

import type { LeaderboardRow, SweepRow } from '../results/open-results.ts';
import type { Setting } from '../results/summary.ts';
import { summarise } from '../results/summary.ts';
import { toShortNumber, toTable } from './output.ts';

/** At most `top` settings, best first, and the comparison. Settings, which may be long, come last and are cut where a line ends. */
export function leaderboardLines(
  sweep: SweepRow,
  rows: readonly LeaderboardRow[],
  top: number,
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const settings = summarise(rows, sweep.mode);
  if (settings.length === 0) return [`${sweep.sweep_id}: no trial has completed yet`];
  const header = ['RANK', `MEDIAN ${sweep.metric}`, 'SPREAD', 'SEEDS', 'BEST TRIAL', 'SETTING'];
  const lines = settings
    .slice(0, top)
    .map((setting, i) => [
      i + 1,
      setting.median,
      spread(setting),
      setting.seeds,
      setting.trialIds[0] ?? '',
      setting.label,
    ]);
  const table = toTable(header, lines).map((line) =>
    line.length > columns ? `${line.slice(0, columns - 1)}…` : line,
  );
  const more = settings.length - lines.length;
  const rest =
    more > 0
      ? [`     … ${more} more: espalier best ${sweep.sweep_id} --top ${settings.length}`]
      : [];
  return [...table, ...rest, '', ...compare(sweep, settings)];
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
    ...doubt(sweep, best, fixed),
  ];
}

/** The same rule as in the dashboard: only where every seed of the one is better than all of the other it is no chance. */
function doubt({ mode }: SweepRow, best: Setting, fixed: Setting): readonly string[] {
  if (best.seeds < 2 || fixed.seeds < 2) return ['with so few seeds this may be chance'];
  const isApart = mode === 'min' ? best.greatest < fixed.least : best.least > fixed.greatest;
  return isApart ? [] : ['their seeds overlap, so this may be chance'];
}

function spread(setting: Setting): string {
  return setting.seeds === 1
    ? ''
    : `${toShortNumber(setting.least)} … ${toShortNumber(setting.greatest)}`;
}
