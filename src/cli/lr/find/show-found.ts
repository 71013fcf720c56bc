// What a range test found is shown: printed for people or programs, and drawn into a file.

import { writeFileSync } from 'node:fs';
import { EspalierError, reasonOf } from '../../../domain/errors.ts';
import { print, printJson } from '../../output.ts';
import { toChart } from './chart.ts';
import type { Found } from './found.ts';

/** The printed chart, and the drawn one. */
const CELLS = { width: 80, height: 20 };
const PIXELS = { width: 900, height: 480 };

/** Shows it. @throws EspalierError `storage` where the file `svg` cannot be written */
export async function showFound(
  found: Found,
  { json, svg }: { readonly json?: true; readonly svg?: string },
): Promise<void> {
  if (json) {
    const { toJson } = await import('./find-json.ts');
    printJson(toJson(found));
  } else {
    const { drawLines } = await import('../../../chart/draw-lines.ts');
    const { toLines } = await import('./report.ts');
    const width = Math.min(CELLS.width, process.stdout.columns || CELLS.width);
    const chart = drawLines({ ...toChart(found, width, CELLS.height), color: false });
    for (const line of toLines(found, chart)) print(line);
  }
  if (svg !== undefined) await drawInto(svg, found);
}

async function drawInto(path: string, found: Found): Promise<void> {
  const { toSvg } = await import('../../../chart/to-svg.ts');
  const { rates } = found;
  const description =
    rates.kind === 'chosen' ? rates.words : `No learning rate is suggested: ${rates.why}`;
  const chart = toChart(found, PIXELS.width, PIXELS.height);
  try {
    writeFileSync(path, toSvg([chart], { title: `Range test of ${found.name}`, description }));
  } catch (error) {
    const why = reasonOf(error);
    throw new EspalierError('storage', `cannot write the chart: ${why}`, { cause: error });
  }
}
