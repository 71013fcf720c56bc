// Importance in numbers, for those who do not see the bars: share of the variance, chance, and what sets the best trials apart.

import { toImportances } from '../importance/factors.ts';
import { countBest } from '../importance/toward-the-best.ts';
import type { ReportData, TrialData } from '../report-data.ts';
import { escapeHtml, valueText } from '../words.ts';

/** The table, folded away below the bars. */
export function importanceTableHtml(data: ReportData, trials: readonly TrialData[]): string {
  const all = toImportances(data, trials);
  if (all.length === 0) return '';
  const count = countBest(trials.filter(({ value }) => value !== null).length);
  return [
    `<details><summary>In numbers, with what sets the best ${count} trials apart</summary><div class="scroll"><table>`,
    '<thead><tr><th>choice</th><th class="n">values</th><th class="n">trials</th><th class="n">share of variance</th><th class="n">by chance</th><th class="n">PED-ANOVA</th></tr></thead><tbody>',
    ...all.map(
      ({ label, levels, trials: having, share, chance, divergence }) =>
        `<tr><td>${escapeHtml(label)}</td><td class="n">${levels}</td><td class="n">${having}</td><td class="n">${percent(share)}</td><td class="n">${percent(chance)}</td><td class="n">${valueText(divergence)}</td></tr>`,
    ),
    '</tbody></table></div>',
    '<p class="note">PED-ANOVA (Watanabe, Bansal and Hutter 2023): how far the values of the best trials are distributed otherwise than those of all; 0 is not at all.</p></details>',
  ].join('');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
