// Makes one file of a user's module and what it imports, to be sent to agents. Promise: the bytes depend on the sources alone, not
// on where they lie, so that the hash is the same on every machine; TensorFlow.js and espalier stay outside, since a trial process
// has its own.

import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import type { BuildFailure, Message } from 'esbuild';

import { EspalierError } from '../domain/errors.ts';

/** A bundled module and its SHA-256 in hexadecimal. */
export type Bundle = { readonly code: Uint8Array; readonly sha256: string };

/**
 * Bundles the module at this path (TypeScript or JavaScript) as an ES module.
 *
 * @throws EspalierError `invalid` with file, line, column and the line where the sources are wrong, or where the module has no
 * default export; `not-found` where there is no module
 */
export async function bundleTrial(modulePath: string): Promise<Bundle> {
  if (!existsSync(modulePath))
    throw new EspalierError('not-found', `there is no trial module ${modulePath}`);
  const { code, exports } = await build(realpathSync(resolve(modulePath)));
  if (!exports.includes('default')) {
    throw new EspalierError(
      'invalid',
      `${modulePath} has no default export: write \`export default defineTrial({ ... })\``,
    );
  }
  return { code, sha256: createHash('sha256').update(code).digest('hex') };
}

async function build(
  path: string,
): Promise<{ readonly code: Uint8Array; readonly exports: readonly string[] }> {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles, metafile } = await esbuild.build({
      // Relative to the module: paths in comments, in the source map and in messages.
      absWorkingDir: dirname(path),
      entryPoints: [`./${basename(path)}`],
      outfile: 'trial.mjs',
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@tensorflow/*', 'espalier', 'espalier/*'],
      sourcemap: 'inline',
      sourcesContent: false,
      charset: 'utf8',
      logLevel: 'silent',
    });
    return {
      code: outputFiles[0]?.contents ?? new Uint8Array(),
      exports: Object.values(metafile.outputs)[0]?.exports ?? [],
    };
  } catch (error) {
    if (isBuildFailure(error))
      throw new EspalierError('invalid', error.errors.map(describe).join('\n'), { cause: error });
    throw error;
  }
}

function describe({ text, location }: Message): string {
  if (location === null) return text;
  const { file, line, column, lineText } = location;
  return `${file}:${line}:${column + 1}: ${text}\n  ${lineText}\n  ${' '.repeat(column)}^`;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
