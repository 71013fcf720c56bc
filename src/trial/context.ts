// The context that a user's functions are given. Promise: paths stay inside the folder of the trial's files.

import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';

import { EspalierError } from '../domain/errors.ts';
import { rngFor } from '../domain/random.ts';
import type { Config } from '../domain/sweep.ts';
import type { DataContext } from './define-trial.ts';

/** Makes the context of `data`; the trial's files lie in the folder `files`. */
export function toDataContext(opened: {
  readonly config: Config;
  readonly seed: number;
  readonly files: string;
}): DataContext {
  const { config, seed, files } = opened;
  return {
    config,
    seed,
    files: (path) => toFile(files, path),
    random: (...path) => rngFor(seed, 'trial', ...path),
  };
}

function toFile(folder: string, path: string): string {
  const file = join(folder, path);
  const inside = relative(folder, file);
  if (isAbsolute(path) || inside.startsWith('..')) {
    throw new EspalierError(
      'invalid',
      `files('${path}') is outside of the trial's files: give the path that \`files:\` in the sweep file has`,
    );
  }
  if (!existsSync(file)) {
    throw new EspalierError(
      'not-found',
      `${path} is not among the files that travel with the trial: name it under \`files:\` in the sweep file`,
    );
  }
  return file;
}
