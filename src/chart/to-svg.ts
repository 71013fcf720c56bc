// Charts as one SVG document that stands alone: no script, no font, nothing from elsewhere.
// Promise: a pure function; well-formed XML whatever the labels hold; readable on light and dark pages and without colours.

import type { Chart } from './chart.ts';
import { toPlain } from './label.ts';
import { panelElements } from './svg/panel.ts';
import { STYLE } from './svg/style.ts';
import { escape } from './svg/text.ts';

/** What the document is called, and what it shows in a sentence or two, for those who do not see it. */
export type SvgText = { readonly title: string; readonly description: string };

/** Draws charts one below the other; sizes are in pixels, the document being as wide as the widest. */
export function toSvg(charts: readonly Chart[], { title, description }: SvgText): string {
  const width = charts.reduce((most, chart) => Math.max(most, chart.width), 0);
  const height = charts.reduce((sum, chart) => sum + chart.height, 0);
  const tops = charts.map((_, i) =>
    charts.slice(0, i).reduce((sum, chart) => sum + chart.height, 0),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escape(toPlain(title))}</title>`,
    `<desc id="desc">${escape(toPlain(description))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...charts.flatMap((chart, i) => panelElements(chart, tops[i] ?? 0)),
    '</svg>',
    '',
  ].join('\n');
}
