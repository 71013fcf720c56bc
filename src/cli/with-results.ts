// Opens the results database of a state folder for the length of one command.

import { EspalierError } from '../domain/errors.ts';
import type { Results, SweepRow, TrialRow } from '../results/open-results.ts';
import { statePaths } from '../storage/state-folder.ts';
import type { StateOption } from './options.ts';

/** Runs `body` with the database open. @throws EspalierError as `openResults` does */
export async function withResults<T>(
  options: StateOption,
  body: (results: Results) => T | Promise<T>,
): Promise<T> {
  const { openResults } = await import('../results/open-results.ts');
  const results = openResults(statePaths(options.state).database);
  try {
    return await body(results);
  } finally {
    results.close();
  }
}

/** The sweep of that name. @throws EspalierError `not-found` with the names there are */
export function findSweep(results: Results, id: string): SweepRow {
  const sweep = results.sweep(id);
  if (sweep !== undefined) return sweep;
  const known = results.sweeps().map((row) => row.sweep_id);
  throw new EspalierError(
    'not-found',
    `no sweep ${id}: ${known.length === 0 ? 'there are none yet' : `there is ${known.slice(-10).join(', ')}`}`,
  );
}

/** The trial of that name; `7` alone means the 7th of `sweepId`. @throws EspalierError `not-found` */
export function findTrial(results: Results, id: string, sweepId?: string): TrialRow {
  const full = sweepId === undefined || id.includes('/') ? id : `${sweepId}/${id}`;
  const trial = results.trial(full);
  if (trial !== undefined) return trial;
  throw new EspalierError(
    'not-found',
    `no trial ${full}: "espalier show SWEEP" lists the trials of a sweep`,
  );
}
