// Small sweeps for tests of the coordinator, as submission events.

import type { Submission } from '../../coordinator/core/event.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';

const BLOB = 'a'.repeat(64);

/**
 * A submission of `trials` learning rates, each for all of `epochs`. Every trial has a stage of its own unless `extra`, further
 * lines of the sweep file, says `sharing: on`.
 */
export function submission(
  trials: number,
  epochs: number | readonly number[],
  extra: readonly string[] = [],
): Submission {
  const rates = Array.from({ length: trials }, (_, i) => 1 / (i + 2));
  return submissionOf([
    ...(extra.some((line) => line.startsWith('objective')) ? [] : [OBJECTIVE]),
    `epochs: [${[epochs].flat().join(', ')}]`,
    `learning_rate: [{ strategy: fixed, lr: [${rates.join(', ')}] }]`,
    ...(extra.some((line) => line.startsWith('sharing')) ? [] : ['sharing: off']),
    ...extra,
  ]);
}

/** A submission of the sweep `small` with these lines of the sweep file besides its name and module. */
export function submissionOf(lines: readonly string[]): Submission {
  const sweepFile = ['name: small', 'trial: ./trial.ts', ...lines].join('\n');
  const parsed = parseSweepFile(sweepFile);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    kind: 'submitted',
    spec: parsed.spec,
    sweepFile,
    fingerprint: sweepFile,
    bundle: { path: 'bundle.mjs', sha256: BLOB, sizeBytes: 1 },
    files: [],
    again: false,
  };
}

const OBJECTIVE = 'objective: { metric: val_loss, mode: min }';
