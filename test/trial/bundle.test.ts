// Bundling a user's module: one file, the same bytes everywhere, and errors that say where.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { bundleTrial } from '../../src/trial/bundle.ts';

/** Writes a folder of sources and gives its path. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-bundle-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const SOURCES = {
  'trials/digits.ts': `
    import * as tf from '@tensorflow/tfjs';
    import { gunzipSync } from 'node:zlib';
    import { defineTrial } from 'espalier';
    import { size } from '../lib/size.ts';
    import { twice } from 'doubling';
    export default defineTrial({ open: () => { throw new Error(String([tf, gunzipSync, twice(size)])); } });`,
  'lib/size.ts': 'export const size: number = 8;',
  'node_modules/doubling/package.json': '{ "name": "doubling", "main": "index.js" }',
  'node_modules/doubling/index.js':
    "const os = require('os'); exports.twice = (x) => [x * 2, os.EOL];",
};

test('what the module imports goes into the file; TensorFlow.js, espalier and built-in modules stay outside', async () => {
  const { code } = await bundleTrial(join(folderOf(SOURCES), 'trials/digits.ts'));
  const text = Buffer.from(code).toString();
  expect([...text.matchAll(/^import .* from "(.*)";$/gm)].map(([, from]) => from)).toEqual([
    '@tensorflow/tfjs',
    'node:zlib',
    'espalier',
  ]);
  expect(text).toContain('size = 8');
  expect(text).toContain('exports.twice');
});

test('the bytes and their hash do not depend on where the sources lie', async () => {
  const one = folderOf(SOURCES);
  const two = join(folderOf({}), 'deeper', 'still');
  mkdirSync(two, { recursive: true });
  for (const [name, text] of Object.entries(SOURCES)) {
    mkdirSync(join(two, name, '..'), { recursive: true });
    writeFileSync(join(two, name), text);
  }
  const first = await bundleTrial(join(one, 'trials/digits.ts'));
  const second = await bundleTrial(join(two, 'trials/digits.ts'));
  expect(second.sha256).toBe(first.sha256);
  expect(first.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(Buffer.from(first.code).toString()).not.toContain(tmpdir());
  expect(sourceMapOf(first.code)).not.toContain(tmpdir());

  writeFileSync(join(one, 'lib/size.ts'), 'export const size = 9;');
  expect((await bundleTrial(join(one, 'trials/digits.ts'))).sha256).not.toBe(first.sha256);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a syntax error is shown with its place and its line',
    { 't.ts': 'const a = 1;\nexport default a +;\n' },
    /^t\.ts:2:19: Unexpected ";"\n {2}export default a \+;\n {20}\^$/,
  ],
  [
    'a module that cannot be found is named with the place of its import',
    { 't.ts': "import x from './nowhere.ts';\nexport default x;\n" },
    /^t\.ts:1:15: Could not resolve "\.\/nowhere\.ts"/,
  ],
  [
    'a missing default export is found before anything runs',
    { 't.ts': 'export const trial = 1;\n' },
    /has no default export/,
  ],
])('%s', async (_, files, words) => {
  await expect(bundleTrial(join(folderOf(files), 't.ts'))).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(words),
  });
});

test('a module that is not there is not found', async () => {
  await expect(bundleTrial('/nowhere/t.ts')).rejects.toMatchObject({ code: 'not-found' });
});

function sourceMapOf(code: Uint8Array): string {
  const [, base64 = ''] =
    /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(Buffer.from(code).toString()) ?? [];
  const map = Buffer.from(base64, 'base64').toString();
  expect(map).toContain('digits.ts');
  return map;
}
