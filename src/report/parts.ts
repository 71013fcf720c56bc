// The parts of a report that follow the filters: tables and plots by name, the same in Node.js and in the browser.

import { importanceTableHtml } from './html/importance-table.ts';
import { leaderboardHtml } from './html/leaderboard.ts';
import { stageTreeHtml } from './html/stage-tree.ts';
import { failuresHtml, trialTableHtml } from './html/trial-table.ts';
import { curvesPlot } from './plots/curves.ts';
import { heatMapPlot, toHeatMaps } from './plots/heat-map.ts';
import { importancePlot } from './plots/importance-bars.ts';
import { parallelPlot } from './plots/parallel.ts';
import type { NoPlot, Plot, View } from './plots/plot.ts';
import type { ReportData, TrialData } from './report-data.ts';

/** Markup from the trials that the filters let through; `isAll` leaves no row out. */
export type Block = (data: ReportData, trials: readonly TrialData[], isAll: boolean) => string;

/** A plot from what the filters let through. */
export type PlotMaker = (view: View) => Plot | NoPlot;

/** Tables and the tree by name. */
export const BLOCKS: Readonly<Record<string, Block>> = {
  leaderboard: leaderboardHtml,
  importance: importanceTableHtml,
  tree: stageTreeHtml,
  failures: failuresHtml,
  trials: trialTableHtml,
};

/** The plots of a sweep by name, in their order on the page. */
export function toPlots(data: ReportData): ReadonlyMap<string, PlotMaker> {
  return new Map<string, PlotMaker>([
    ['curves', curvesPlot],
    ['parallel', parallelPlot],
    ...toHeatMaps(data).map((spec, i): [string, PlotMaker] => [
      `map-${i}`,
      (view) => heatMapPlot(view, spec),
    ]),
    ['importance', importancePlot],
  ]);
}
