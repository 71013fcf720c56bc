// The sweep of the bench, as long as the kills need it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Epochs that are trained between two kills, on average. */
const EPOCHS_A_KILL = 24;
/** Epochs that the trials of one seed train together; each seed is a tree of its own. */
const EPOCHS_A_SEED = 75;
const SEEDS_LEAST = 4;

/** Beside this file in the sources, also if this is running from `dist`. */
const TRIAL = fileURLToPath(new URL('../../../../bench/faults/sweep/trial.ts', import.meta.url));

/** Writes the sweep file into a folder and returns its path. `sleeper` is what the trial's config says. */
export function writeSweep(folder: string, kills: number, sleeper: string): string {
  const file = join(folder, 'faults.yaml');
  writeFileSync(file, toSweepFile(kills, sleeper));
  return file;
}

/** Strategies that begin alike and part: by their schedules, by what they follow, and by their lengths. */
function toSweepFile(kills: number, sleeper: string): string {
  const seeds = Math.max(SEEDS_LEAST, Math.ceil((kills * EPOCHS_A_KILL) / EPOCHS_A_SEED));
  return [
    'name: faults',
    `trial: ${JSON.stringify(TRIAL)}`,
    'objective: { metric: val_loss, mode: min }',
    'epochs: [12, 20]',
    `seeds: [${Array.from({ length: seeds }, (_, i) => i + 1).join(', ')}]`,
    'backends: [cpu]',
    'checkpoint_every: 3 epochs',
    'retries: 100',
    `config: { sleeper: ${JSON.stringify(sleeper)} }`,
    'learning_rate:',
    '  - { strategy: fixed, lr: 0.05 }',
    '  - { strategy: step, lr: 0.05, step_size: 5, gamma: 0.5 }',
    '  - { strategy: plateau, lr: 0.05, factor: 0.3, patience: [2, 6], min_delta: 10 }',
    '  - { strategy: step, lr: 0.05, step_size: 9, gamma: 0.5, warmup: { length: 2 epochs } }',
  ].join('\n');
}
