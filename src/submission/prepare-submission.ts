// A sweep file on disk becomes what is submitted: its text, its bundled module, its data files by content.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EspalierError, reasonOf } from '../domain/errors.ts';
import type { SweepSpec } from '../domain/sweep.ts';
import { DEFAULT_STATE } from '../storage/state-folder.ts';
import { parseSweepFile } from '../spec/parse-sweep-file.ts';
import { formatProblems } from '../spec/problem.ts';
import type { FileRef } from '../wire/generated/espalier/v1/agent.ts';

/** A file to upload where the coordinator lacks it. `read` fails with an EspalierError that names the file. */
export type LocalFile = FileRef & { readonly read: () => AsyncIterable<Uint8Array> };

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
  const read = async function* (): AsyncGenerator<Uint8Array> {
    yield code;
  };
  const bundle = { path: 'bundle.mjs', sha256, sizeBytes: code.byteLength, read };
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
    throw toReadError(`the sweep file ${path}`, error);
  }
}

function toReadError(what: string, error: unknown): EspalierError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = REASONS[code] ?? reasonOf(error);
  return new EspalierError('not-found', `cannot read ${what}: ${why}`, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'its permissions do not allow it',
  EISDIR: 'it is a folder',
};

/** What a wide pattern would sweep in: tools' own folders, of which the state folder changes with every run. */
const NEVER_DATA = ['**/.git/**', '**/node_modules/**', `**/${DEFAULT_STATE}/**`];

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
      ignore: NEVER_DATA,
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
  const files: LocalFile[] = [];
  for (const path of [...found].toSorted()) files.push(await toLocalFile(folder, path));
  return files;
}

async function toLocalFile(folder: string, path: string): Promise<LocalFile> {
  const read = (): AsyncGenerator<Uint8Array> => readFile(resolve(folder, path));
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of read()) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
  }
  return { path, sha256: hash.digest('hex'), sizeBytes, read };
}

/** In pieces: data files may be larger than the memory. */
async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterable<Uint8Array> = createReadStream(path);
  try {
    yield* chunks;
  } catch (error) {
    throw toReadError(`the data file ${path}`, error);
  }
}
