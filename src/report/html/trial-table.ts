// All trials as a table, and those that failed with what they said.

import { isOpenState } from '../../domain/trial-state.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, settingText, trialLink, valueText } from '../words.ts';
import { groupBy } from '../../domain/group-by.ts';

const ROWS = 40;
const GROUPS = 30;

/** Trials by number, a page of them unless `isAll`. */
export function trialTableHtml(
  data: ReportData,
  trials: readonly TrialData[],
  isAll = false,
): string {
  const shown = isAll ? trials : trials.slice(0, ROWS);
  const left = trials.length - shown.length;
  return [
    '<div class="scroll"><table>',
    `<thead><tr><th class="n">trial</th><th>setting</th><th class="n wide">seed</th><th>state</th><th class="n wide">epochs</th><th class="n">best ${escapeHtml(data.sweep.metric)}</th><th class="n wide">after epoch</th><th class="n wide">last</th></tr></thead><tbody>`,
    ...shown.map((trial) => row(data, trial)),
    '</tbody></table></div>',
    ...(left > 0
      ? [
          `<p class="note">${left} more trials. <button class="more" data-more="trials">Show all</button></p>`,
        ]
      : []),
  ].join('\n');
}

function row({ settings }: ReportData, trial: TrialData): string {
  const { state, seed, done, best, bestEpoch, last } = trial;
  const setting = settings[trial.setting];
  return `<tr><td class="n">${trialLink(trial)}</td><td class="setting">${escapeHtml(settingText(setting))}</td><td class="n wide">${seed}</td><td>${stateTag(state)}</td><td class="n wide">${done}/${setting?.epochs ?? 0}</td><td class="n">${valueText(best)}</td><td class="n wide">${bestEpoch === null ? '' : bestEpoch + 1}</td><td class="n wide">${typeof last === 'string' ? last : valueText(last)}</td></tr>`;
}

/** A state as a tag. */
export function stateTag(state: string): string {
  return `<span class="tag ${escapeHtml(state)}">${escapeHtml(state)}</span>`;
}

/** What failed, diverged or was cancelled, the same words once. */
export function failuresHtml(data: ReportData, trials: readonly TrialData[]): string {
  const lost = trials.filter(({ state }) => !isOpenState(state) && state !== 'completed');
  if (lost.length === 0) return '<p class="note">None.</p>';
  const groups = [...groupBy(lost, ({ state, message }) => JSON.stringify([state, message]))];
  return [
    ...groups.slice(0, GROUPS).map(([key, group]) => {
      const [state = '', message = '']: string[] = JSON.parse(key);
      const links = group
        .slice(0, 12)
        .map(
          (trial) => `${trialLink(trial)} ${escapeHtml(settingText(data.settings[trial.setting]))}`,
        );
      const more = group.length > links.length ? ` and ${group.length - links.length} more` : '';
      return `<p>${stateTag(state)} ${group.length} trial${group.length === 1 ? '' : 's'}: ${links.join('; ')}${more}</p>${message === '' ? '' : `<pre class="message">${escapeHtml(message)}</pre>`}`;
    }),
    ...(groups.length > GROUPS
      ? [`<p class="note">${groups.length - GROUPS} more reasons are not shown.</p>`]
      : []),
  ].join('\n');
}
