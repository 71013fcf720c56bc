// That the examples of docs/tfjs.md run as they stand and print what stands below them, and what an import loads.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'tfjs.md'), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/```js\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, code = '', printed = '']) => ({ code, printed }),
);

/** Runs a module from the package's own folder, where `espalier/tfjs` is this package as it was built. */
async function run(code: string): Promise<string> {
  const options = { cwd: ROOT };
  const args = ['--input-type=module', '-e', code];
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

test('every example has its output below it', () => {
  expect(EXAMPLES.length).toBe(PAGE.split('```js').length - 1);
  expect(EXAMPLES.length).toBeGreaterThan(3);
});

test.each(EXAMPLES)('an example prints $printed', async ({ code, printed }) => {
  expect(await run(code)).toBe(printed);
});

test('an import loads core and layers of TensorFlow.js, and no backend', async () => {
  const loaded = await run(`
    import { createRequire } from 'node:module';
    await import('espalier/tfjs');
    const { cache } = createRequire(process.cwd() + '/');
    const found = Object.keys(cache).flatMap((path) => /@tensorflow.([^/\\\\]+)/.exec(path)?.[1] ?? []);
    console.log([...new Set(found)].toSorted().join(' '));
  `);
  expect(loaded).toBe('tfjs-core tfjs-layers\n');
});
