// Bundles what a report needs besides its data, page.js for browsers and draw.js for Node.js, into dist or the folder that is named.
// echarts and zrender go in with their notices; nothing of them is needed after the build.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path) => readFileSync(at(path), 'utf8').trim();

const COMMON = {
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'none',
};

const folder = process.argv[2] ?? at('dist/src/report/bundle');
mkdirSync(folder, { recursive: true });
const page = await bundle('src/report/page/main.ts', { format: 'iife' });
if (/<\/script|<!--/i.test(page)) throw new Error('page.js cannot stand inside a script element');
writeFileSync(join(folder, 'page.js'), page);
const draw = await bundle('src/report/page/draw.ts', { format: 'esm', platform: 'node' });
writeFileSync(join(folder, 'draw.js'), draw);

async function bundle(entry, options) {
  const { outputFiles } = await build({ ...COMMON, ...options, entryPoints: [at(entry)] });
  return `${notice()}\n${outputFiles[0].text}`;
}

function notice() {
  return `/*!
${read('node_modules/echarts/NOTICE')}
Licensed under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0

zrender: ${read('node_modules/zrender/LICENSE')}
*/`;
}
