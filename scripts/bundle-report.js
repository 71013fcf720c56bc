// Bundles what a report needs besides its data into dist/src/report/bundle: the page's script, and the drawing of plots in Node.js.
// echarts and zrender go in with their notices; nothing of them is needed after the build.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8').trim();

const NOTICE = `/*!
${read('node_modules/echarts/NOTICE')}
Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0

zrender: ${read('node_modules/zrender/LICENSE')}
*/`;

const COMMON = {
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
};

mkdirSync(at('dist/src/report/bundle'), { recursive: true });
await bundle('src/report/page/main.ts', 'page.js', { format: 'iife' });
await bundle('src/report/page/draw.ts', 'draw.js', { format: 'esm', platform: 'node' });

async function bundle(entry, name, options) {
  const { outputFiles } = await build({ ...COMMON, ...options, entryPoints: [at(entry)] });
  const text = `${NOTICE}\n${outputFiles[0].text}`;
  if (/<\/script|<!--/i.test(text)) throw new Error(`${name} cannot stand inside a script element`);
  writeFileSync(at(`dist/src/report/bundle/${name}`), text);
}
