// Draws plots as SVG in Node.js, for a page that is read without scripts. Bundled with echarts at build time (scripts/bundle-report.js).
// Promise: no instance outlives its drawing, which would keep Node.js alive; what is drawn has no script and no style of its own.

import { init } from './echarts.ts';
import type { Plot } from '../plots/plot.ts';

/** A plot as an SVG element, `width` pixels wide. `name` keeps its inner ids apart from those of other drawings. */
export function drawPlot({ option, height }: Plot, width: number, name: string): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return tidy(chart.renderToSVGString(), name);
  } finally {
    chart.dispose();
  }
}

function tidy(svg: string, name: string): string {
  return svg
    .replaceAll(/<style ?>[\s\S]*?<\/style>/g, '')
    .replaceAll(/ (?:class|ecmeta_\w+|pointer-events|xmlns:xlink|baseProfile|version)="[^"]*"/g, '')
    .replaceAll(/(id="|url\(#)zr\d+-/g, `$1${name}-`)
    .replaceAll(/ (?:d|transform)="[^"]*"/g, (place) => place.replaceAll(/(\d\.\d)\d+/g, '$1'))
    .replace('<svg ', '<svg role="img" aria-hidden="true" ');
}
