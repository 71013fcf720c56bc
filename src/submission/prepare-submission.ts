// A sweep file on disk becomes what is submitted: its text, its bundled module, its data files by content.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EspalierError } from '../domain/errors.ts';
import type { SweepSpec } from '../domain/sweep.ts';
import { parseSweepFile } from '../spec/parse-sweep-file.ts';
import { formatProblems } from '../spec/problem.ts';
import type { FileRef } from '../wire/generated/espalier/v1/agent.ts';

/** A file to upload where the coordinator lacks it. */
export type LocalFile = FileRef & { readonly read: () => Uint8Array };

export type PreparedSubmission = {
  readonly spec: SweepSpec;
  readonly trials: number;
  readonly text: string;
  readonly bundle: LocalFile;
  readonly files: readonly LocalFile[];
};

/**
 * Reads and checks everything that a submission needs.
 * @throws EspalierError `not-found` or `invalid`, with all problems of the sweep file and their places
 */
export async function prepareSubmission(path: string): Promise<PreparedSubmission> {
  const { text, spec, trials } = readSweepFile(path);
  const folder = dirname(resolve(path));
  const { bundleTrial } = await import('../trial/bundle.ts');
  const { code, sha256 } = await bundleTrial(resolve(folder, spec.trial));
  const bundle = { path: 'bundle.mjs', sha256, sizeBytes: code.byteLength, read: () => code };
  return { spec, trials, text, bundle, files: await findFiles(folder, spec.files) };
}

/** Reads a sweep file alone. @throws EspalierError `not-found` or `invalid` */
export function readSweepFile(path: string): { text: string; spec: SweepSpec; trials: number } {
  const text = readText(path);
  const parsed = parseSweepFile(text, { file: path });
  if (!parsed.ok) throw new EspalierError('invalid', formatProblems(parsed.problems, text));
  return { text, spec: parsed.spec, trials: parsed.trials };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'there is no such file'
        : String(error);
    throw new EspalierError('not-found', `cannot read the sweep file ${path}: ${why}`, {
      cause: error,
    });
  }
}

async function findFiles(
  folder: string,
  patterns: readonly string[],
): Promise<readonly LocalFile[]> {
  const { glob } = await import('tinyglobby');
  const found = new Set<string>();
  for (const pattern of patterns) {
    const paths = await glob(pattern, {
      cwd: folder,
      onlyFiles: true,
      expandDirectories: false,
      dot: true,
    });
    if (paths.length === 0)
      throw new EspalierError('not-found', `files: ${pattern} matches no file in ${folder}`);
    const outside = paths.find((path) => path.startsWith('..') || path.startsWith('/'));
    if (outside !== undefined)
      throw new EspalierError(
        'invalid',
        `files: ${outside} is outside ${folder}: data travels from the sweep file's folder only; name big data by its path in config`,
      );
    for (const path of paths) found.add(path);
  }
  return Promise.all([...found].toSorted().map((path) => toLocalFile(folder, path)));
}

async function toLocalFile(folder: string, path: string): Promise<LocalFile> {
  const full = resolve(folder, path);
  const hash = createHash('sha256');
  const chunks: AsyncIterable<Uint8Array> = createReadStream(full);
  for await (const chunk of chunks) hash.update(chunk);
  return {
    path,
    sha256: hash.digest('hex'),
    sizeBytes: statSync(full).size,
    read: () => readFileSync(full),
  };
}
