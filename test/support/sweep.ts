// A small sweep for tests of the coordinator: a submission event with as many trials as learning rates.

import type { Submission } from '../../coordinator/core/event.ts';
import { parseSweepFile } from '../../src/spec/parse-sweep-file.ts';

const BLOB = 'a'.repeat(64);

/** A submission of `trials` trials of `epochs` epochs, each in a stage of its own; `extra` are further lines of the sweep file. */
export function submission(
  trials: number,
  epochs: number,
  extra: readonly string[] = [],
): Submission {
  const rates = Array.from({ length: trials }, (_, i) => 1 / (i + 2));
  const sweepFile = [
    'name: small',
    'trial: ./trial.ts',
    'objective: { metric: val_loss, mode: min }',
    `epochs: ${epochs}`,
    `learning_rate: [{ strategy: fixed, lr: [${rates.join(', ')}] }]`,
    ...(extra.some((line) => line.startsWith('sharing')) ? [] : ['sharing: off']),
    ...extra,
  ].join('\n');
  const parsed = parseSweepFile(sweepFile);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    kind: 'submitted',
    spec: parsed.spec,
    sweepFile,
    fingerprint: `${trials}/${epochs}/${extra.join()}`,
    bundle: { path: 'bundle.mjs', sha256: BLOB, sizeBytes: 1 },
    files: [],
    again: false,
  };
}
