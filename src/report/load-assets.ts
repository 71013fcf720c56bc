// Loads what `npm run build` has bundled for the page.

import { existsSync, readFileSync } from 'node:fs';
import { EspalierError } from '../domain/errors.ts';
import type { PageAssets } from './html/page.ts';

/** The assets in a folder, by default the one beside this file. @throws EspalierError `storage` if they were not built */
export async function loadAssets(
  folder = new URL('./bundle/', import.meta.url),
): Promise<PageAssets> {
  const script = new URL('page.js', folder);
  if (!existsSync(script))
    throw new EspalierError('storage', 'the parts of the report were not built: npm run build');
  const drawing: Pick<PageAssets, 'draw'> & { drawPlot: PageAssets['draw'] } = await import(
    new URL('draw.js', folder).href
  );
  return { script: readFileSync(script, 'utf8'), draw: drawing.drawPlot };
}
