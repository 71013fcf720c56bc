// Pages of trials by the address: `#trial/7` shows the seventh, anything else the report.

import { trialPageHtml } from '../html/trial-page.ts';
import { trialPlot } from '../plots/trial-curves.ts';
import type { ReportData } from '../report-data.ts';
import type { Charts } from './charts.ts';

/** Follows the address from now on. */
export function routeTrials(data: ReportData, charts: Charts): void {
  const title = document.title;
  const follow = (): void => {
    const number = Number(/^#trial\/(\d+)$/.exec(location.hash)?.[1] ?? Number.NaN);
    const trial = data.trials.find((one) => one.number === number);
    const [report, page] = [document.querySelector('#report'), document.querySelector('#trial')];
    if (report === null || page === null) return;
    const wasTrial = !page.hasAttribute('hidden');
    report.toggleAttribute('hidden', trial !== undefined);
    page.toggleAttribute('hidden', trial === undefined);
    page.innerHTML = trial === undefined ? '' : trialPageHtml(data, trial);
    document.title = trial === undefined ? title : `#${trial.number} of ${title}`;
    charts.own(
      'trial',
      document.querySelector('#plot-trial'),
      trial && ((view) => trialPlot(view, trial)),
    );
    if (trial !== undefined) window.scrollTo(0, 0);
    else if (wasTrial) (document.getElementById(location.hash.slice(1)) ?? report).scrollIntoView();
  };
  window.addEventListener('hashchange', follow);
  window.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && location.hash.startsWith('#trial/')) location.hash = 'trials';
  });
  follow();
}
