// Metrics that were recorded: those of a file, or of a trial in the results database.

import { readFileSync } from 'node:fs';
import { EspalierError, reasonOf } from '../../../domain/errors.ts';
import { findTrial, withResults } from '../../with-results.ts';
import type { PlotOptions } from '../plot.ts';
import type { Recorded } from './metrics-source.ts';
import { readMetrics } from './metrics-text.ts';

/** What the options name, if they name anything. @throws EspalierError `not-found`, or `invalid` with the line of the file */
export async function readRecorded(
  options: Pick<PlotOptions, 'metrics' | 'trialMetrics' | 'state'>,
): Promise<Recorded | undefined> {
  const { metrics: path, trialMetrics } = options;
  if (path !== undefined) return readMetricsFile(path);
  if (trialMetrics === undefined) return undefined;
  return withResults(options, (results) => {
    const { trial_id: id } = findTrial(results, trialMetrics);
    const rows = results.epochs(id);
    if (rows.length === 0)
      throw new EspalierError('not-found', `--trial-metrics: ${id} has not recorded an epoch yet`);
    const epochs = rows.map(({ metrics }) => metrics);
    return { metrics: { kind: 'named', epochs }, from: `the record of ${id}` };
  });
}

function readMetricsFile(path: string): Recorded {
  const metrics = readMetrics(readText(path));
  if (metrics.kind === 'wrong')
    throw new EspalierError('invalid', `--metrics ${path}: ${metrics.problem}`);
  return { metrics, from: path };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new EspalierError('not-found', `--metrics: cannot read ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
