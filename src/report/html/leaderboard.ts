// The leaderboard: settings by their median over seeds, each with its spread on one scale and its trials.

import { toStandings, type Standing } from '../answer/standing.ts';
import { toLooks } from '../look.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, trialLink, valueText } from '../words.ts';
import { keyHtml } from './key.ts';

/** Rows at first; the rest is counted, or shown on demand. */
const ROWS = 25;

/** The table; all rows with `isAll`. */
export function leaderboardHtml(
  data: ReportData,
  trials: readonly TrialData[],
  isAll = false,
): string {
  const standings = toStandings(data, trials);
  if (standings.length === 0) return '<p class="note">No trial has completed with a value.</p>';
  const shown = isAll ? standings : standings.slice(0, ROWS);
  const scale = toPlace(shown);
  const left = standings.length - shown.length;
  return [
    '<div class="scroll"><table>',
    `<thead><tr><th class="n">rank</th><th>strategy</th><th>setting</th><th class="n">median ${escapeHtml(data.sweep.metric)}</th><th class="wide">over seeds</th><th class="n wide">least … greatest</th><th class="n">seeds</th><th class="wide trials">trials</th></tr></thead><tbody>`,
    ...shown.map((standing, i) => row(data, standing, i, scale)),
    '</tbody></table></div>',
    `<p class="note wide">Bars: least to greatest over the seeds, the mark is the median, on a ${scale.isLog ? 'logarithmic ' : ''}scale from ${valueText(scale.from)} to ${valueText(scale.to)}.</p>`,
    ...(left > 0
      ? [
          `<p class="note">${left} more settings. <button class="more" data-more="leaderboard">Show all</button></p>`,
        ]
      : []),
  ].join('\n');
}

type PlaceScale = {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
  readonly at: (value: number) => number;
};

/** Places as percentages; logarithmic where the values span much. */
function toPlace(standings: readonly Standing[]): PlaceScale {
  const from = Math.min(...standings.map(({ least }) => least));
  const to = Math.max(...standings.map(({ greatest }) => greatest));
  const isLog = from > 0 && to / from > 8;
  const turn = (value: number): number => (isLog ? Math.log(value) : value);
  const span = turn(to) - turn(from) || 1;
  return { from, to, isLog, at: (value) => (100 * (turn(value) - turn(from))) / span };
}

function row(data: ReportData, standing: Standing, place: number, { at }: PlaceScale): string {
  const { settings } = data;
  const setting = settings[standing.setting];
  const { median, least, greatest, values, trials, lost } = standing;
  const rest = [setting?.label, setting?.config].filter(Boolean).join(', ');
  const bar = `<span class="spread" aria-hidden="true"><i style="left:${at(least).toFixed(1)}%;width:${(at(greatest) - at(least)).toFixed(1)}%"></i><b style="left:${at(median).toFixed(1)}%"></b></span>`;
  const links =
    trials.slice(0, 3).map(trialLink).join(' ') +
    (trials.length > 3 ? ` +${trials.length - 3}` : '');
  const missing = lost > 0 ? ` <span class="tag failed">${lost} lost</span>` : '';
  return `<tr${place === 0 ? ' class="best"' : ''}><td class="n">${place + 1}</td><td class="who">${keyHtml(toLooks(settings).get(standing.strategy))}${escapeHtml(standing.strategy)}</td><td class="setting">${escapeHtml(rest)}</td><td class="n">${valueText(median)}</td><td class="wide">${bar}</td><td class="n wide">${values.size > 1 ? `${valueText(least)} … ${valueText(greatest)}` : ''}</td><td class="n">${values.size}${missing}</td><td class="wide trials">${links}</td></tr>`;
}
