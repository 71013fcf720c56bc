// Brings the page to life: filters, plots that answer to the pointer, and a page for every trial. Bundled at build time.
// Promise: what is on the page without it stays true; it fetches nothing.

import type { ReportData } from '../report-data.ts';
import { BLOCKS } from '../parts.ts';
import { Charts } from './charts.ts';
import { clearOnReset, readFilters, select } from './filters.ts';
import { routeTrials } from './route.ts';

const data: ReportData = JSON.parse(document.querySelector('#data')?.textContent ?? '');
const charts = new Charts(data);
const form = document.querySelector('form');
/** Blocks of which all rows are shown. */
const full = new Set<string>();
/** Someone who types is not interrupted after every letter. */
const PAUSE_MS = 100;
let pending: ReturnType<typeof setTimeout> | undefined;

if (form !== null) {
  form.parentElement?.removeAttribute('hidden');
  form.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(refresh, PAUSE_MS);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  clearOnReset(form, refresh);
  showCount(data.trials.length);
}
document.addEventListener('click', showAll);
routeTrials(data, charts);
charts.start();
document.documentElement.dataset['ready'] = 'true';

function refresh(): void {
  const trials = select(data, readFilters(form));
  for (const [name, block] of Object.entries(BLOCKS)) {
    const element = document.querySelector(`#block-${name}`);
    if (element !== null) element.innerHTML = block(data, trials, full.has(name));
  }
  charts.show(trials);
  showCount(trials.length);
}

function showAll({ target }: Event): void {
  const name = target instanceof HTMLElement ? target.dataset['more'] : undefined;
  if (name === undefined) return;
  full.add(name);
  refresh();
}

function showCount(count: number): void {
  const output = form?.querySelector('output');
  if (output) output.textContent = `${count} of ${data.trials.length}`;
}
