// The whole page as one file: markup that is readable without scripts, then the data, then the script that brings it to life.
// Promise: nothing is fetched (a content security policy forbids it); text of the sweep never becomes markup or script.

import { createHash } from 'node:crypto';
import { formatCount, formatDuration } from '../../dashboard/frame/number.ts';
import { BLOCKS, toPlots } from '../parts.ts';
import { toHeatMaps } from '../plots/heat-map.ts';
import type { Plot } from '../plots/plot.ts';
import type { ReportData } from '../report-data.ts';
import { escapeHtml } from '../words.ts';
import { answerSection } from './answer-section.ts';
import { filtersHtml } from './filters.ts';
import { reproduceHtml } from './reproduce.ts';
import { STYLE } from './style.ts';

/** What `npm run build` bundles: the page's script, and a function that draws plots as SVG. */
export type PageAssets = {
  readonly script: string;
  readonly draw: (plot: Plot, width: number, name: string) => string;
};

/** Pixels that plots are drawn at for those without scripts. */
const WIDTH = 1040;
const MAP_WIDTH = 500;

/** The page. */
export function toPage(data: ReportData, assets: PageAssets): string {
  const { sweep } = data;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${toPolicy(assets.script)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="generator" content="Espalier">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(sweep.name)}: Espalier report</title>`,
    `<style>${STYLE}</style></head><body>`,
    '<a class="skip" href="#leaderboard">Skip to the leaderboard</a>',
    headerHtml(data),
    '<main id="report">',
    answerSection(data),
    navHtml(data),
    filtersHtml(data),
    ...data.leftOut.map((words) => `<p class="note">${escapeHtml(words)}</p>`),
    ...sectionsHtml(data, assets),
    '</main>',
    '<main id="trial" hidden></main>',
    `<footer>Made by Espalier from the results database of ${escapeHtml(sweep.name)}. Plots by Apache ECharts.</footer>`,
    `<script type="application/json" id="data">${toInlineJson(data)}</script>`,
    `<script>${assets.script}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** Styles may stand in elements, which is how bars get their places; of scripts only the one with this hash runs. */
function toPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** JSON that may stand inside a script element: no `<`, and no line separator of Unicode. */
export function toInlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function headerHtml({ sweep, trials, settings }: ReportData): string {
  const facts = [
    `${formatCount(trials.length)} trials`,
    `${formatCount(settings.length)} settings`,
    `${sweep.seeds.length} seed${sweep.seeds.length === 1 ? '' : 's'}`,
    `${sweep.mode === 'min' ? 'lowest' : 'highest'} ${sweep.metric} wins (${sweep.at} epoch)`,
    new Date(sweep.submittedMs).toISOString().slice(0, 10),
    ...(sweep.endedMs === null
      ? []
      : [`took ${formatDuration(sweep.endedMs - sweep.submittedMs)}`]),
  ];
  return `<header><div class="top"><b>${escapeHtml(sweep.name)}</b><span class="state ${escapeHtml(sweep.state)}">${escapeHtml(sweep.state)}</span>${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join('')}</div></header>`;
}

const NAMES = [
  ['leaderboard', 'Leaderboard'],
  ['curves', 'Learning curves'],
  ['parallel', 'Parallel coordinates'],
  ['maps', 'Heat maps'],
  ['importance', 'Importance'],
  ['tree', 'Stage tree'],
  ['failures', 'Failures'],
  ['trials', 'Trials'],
  ['reproduce', 'Reproduce'],
] as const;

function navHtml(data: ReportData): string {
  const names = NAMES.filter(([id]) => id !== 'maps' || toHeatMaps(data).length > 0);
  return `<nav class="parts" aria-label="Parts of the report">${names.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('')}</nav>`;
}

function sectionsHtml(data: ReportData, { draw }: PageAssets): readonly string[] {
  const plots = toPlots(data);
  const block = (name: string): string => {
    const html = BLOCKS[name]?.(data, data.trials, false) ?? '';
    return `<div id="block-${name}">${html}</div>`;
  };
  const plot = (name: string, width: number, label: string): string => {
    const made = plots.get(name)?.({ data, trials: data.trials, width });
    const svg = made?.kind === 'drawn' ? draw(made, width, name) : '';
    const hidden = svg === '' ? ' hidden' : '';
    return `<div class="plot" id="plot-${name}" data-plot="${name}" role="img" aria-label="${escapeHtml(label)}"${hidden}>${svg}</div><p class="note" id="note-${name}">${escapeHtml(made?.note ?? '')}</p>`;
  };
  const { metric } = data.sweep;
  const maps = toHeatMaps(data).map(({ strategy, x, y }, i) => {
    const title = `${strategy}: ${y} × ${x}`;
    return `<div><h3>${escapeHtml(title)}</h3>${plot(`map-${i}`, MAP_WIDTH, title)}</div>`;
  });
  return [
    sectionHtml(
      'leaderboard',
      'A setting is a strategy with its values and a config, repeated over the seeds; the median over the seeds ranks it.',
      block('leaderboard'),
    ),
    sectionHtml(
      'curves',
      `${escapeHtml(metric)} above, the learning rate that the optimizer was given below, over the same epochs.`,
      plot('curves', WIDTH, `${metric} and learning rate over epochs`),
      '<p class="readout screen" id="readout" aria-live="polite" hidden></p>',
    ),
    sectionHtml(
      'parallel',
      'Drag along an axis to pick a range of it; click an axis to let go.',
      plot('parallel', WIDTH, 'Parallel coordinates of all trials'),
    ),
    ...(maps.length === 0
      ? []
      : [sectionHtml('maps', '', `<div class="maps">${maps.join('')}</div>`)]),
    sectionHtml(
      'importance',
      `How much of the variance of ${escapeHtml(metric)} between trials goes back to each choice (functional ANOVA, Hutter, Hoos and Leyton-Brown 2014, computed over the grid itself). The upright mark is what chance alone would give; a bar that does not pass it is grey. What has a strategy before a colon is looked at within that strategy.`,
      plot('importance', WIDTH, 'Share of the variance of each choice'),
      block('importance'),
    ),
    sectionHtml('tree', savedWords(data), block('tree')),
    sectionHtml('failures', '', block('failures')),
    sectionHtml('trials', 'A number opens the page of a trial.', block('trials')),
    sectionHtml('reproduce', '', reproduceHtml(data)),
  ];
}

function sectionHtml(id: string, lead: string, ...content: readonly string[]): string {
  const title = NAMES.find(([name]) => name === id)?.[1] ?? id;
  const words = lead === '' ? '' : `<p class="lead">${lead}</p>`;
  return `<section id="${id}"><h2>${title}</h2>${words}${content.join('\n')}</section>`;
}

function savedWords({ sweep, trials, stages }: ReportData): string {
  const { epochsDelivered: delivered, epochsTrained: trained } = sweep;
  const what =
    'Trials with the same learning rates so far are the same training so far, and were trained once: bars without a colour, the thicker the more trials share them.';
  if (trained >= delivered)
    return `${what} Nothing was shared here: ${formatCount(trained)} epochs were trained.`;
  const seconds =
    trials.reduce((sum, trial) => sum + trial.seconds, 0) -
    stages.reduce((sum, stage) => sum + stage.seconds, 0);
  const share = Math.round((100 * (delivered - trained)) / delivered);
  return `${formatCount(delivered)} epochs were delivered by training ${formatCount(trained)}: ${share} % saved, ${formatDuration(seconds * 1000)} of training. ${what}`;
}
