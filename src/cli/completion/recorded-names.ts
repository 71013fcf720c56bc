// Sweeps and trials of the state folder of this shell, for completion: at most so many as a person looks through.

import { openResults } from '../../results/open-results.ts';
import { DEFAULT_STATE, statePaths } from '../../storage/state-folder.ts';

const MOST = 500;

/** Names of what is recorded in the folder of `ESPALIER_STATE`, or the default one: nothing where there is no database. */
export function recordedNames(kind: 'sweep' | 'trial' | 'sweep-or-trial'): readonly string[] {
  try {
    const results = openResults(
      statePaths(process.env['ESPALIER_STATE'] ?? DEFAULT_STATE).database,
    );
    const sweeps = results.sweeps().map((row) => row.sweep_id);
    const trials =
      kind === 'sweep'
        ? []
        : sweeps.flatMap((sweep) => results.trials(sweep).map((row) => row.trial_id));
    results.close();
    return [...(kind === 'trial' ? [] : sweeps), ...trials].slice(0, MOST);
  } catch {
    // Whatever is amiss with the database, the command itself will say.
    return [];
  }
}
