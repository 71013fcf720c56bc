// What a plot answers to the pointer: a curve says whose it is, its rate lights up with it, and a click opens the trial's page.

import type { init } from './echarts.ts';

/** Listens to a chart whose curves are named `#7 …`. */
export function connectPointer(chart: ReturnType<typeof init>): void {
  chart.on('mouseover', ({ seriesName, seriesType }) => {
    if (seriesType !== 'line' || seriesName === undefined) return;
    chart.dispatchAction({ type: 'highlight', seriesName });
    tell(seriesName);
  });
  chart.on('mouseout', ({ seriesName }) => {
    chart.dispatchAction({ type: 'downplay', seriesName });
  });
  chart.on('click', ({ seriesName, name }) => {
    const number = /^#(\d+) /.exec(name || seriesName || '')?.[1];
    if (number !== undefined) location.hash = `trial/${number}`;
  });
}

function tell(name: string): void {
  const readout = document.querySelector('#readout');
  if (readout === null) return;
  readout.removeAttribute('hidden');
  readout.textContent = name;
}
