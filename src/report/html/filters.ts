// The filters: a form that the page's script shows, since without scripts it would do nothing.

import { toLooks } from '../look.ts';
import type { ReportData } from '../report-data.ts';
import { escapeHtml } from '../words.ts';
import { keyHtml } from './key.ts';

/** The form; strategies are its legend as well. */
export function filtersHtml({ settings, trials }: ReportData): string {
  const states = [...new Set(trials.map(({ state }) => state))].toSorted();
  const chips = [...toLooks(settings)].map(
    ([name, look]) =>
      `<label class="chip"><input type="checkbox" name="strategy" value="${escapeHtml(name)}" checked>${keyHtml(look)}${escapeHtml(name)}</label>`,
  );
  const options = ['', ...states].map(
    (state) => `<option value="${escapeHtml(state)}">${escapeHtml(state || 'all states')}</option>`,
  );
  return [
    '<div class="filters" hidden><form aria-label="Filters" autocomplete="off">',
    ...chips,
    `<select name="state" aria-label="State">${options.join('')}</select>`,
    '<input type="search" name="text" placeholder="lr 0.05, #7 …" aria-label="Text in setting, number, seed or state">',
    '<button type="reset">Reset</button>',
    '<output aria-live="polite"></output>',
    '</form></div>',
  ].join('\n');
}
