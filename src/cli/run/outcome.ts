// What a run says at its end: the leaderboard, the best strategy against the best fixed rate, and where the results are.

import { relative } from 'node:path';
import { leaderboardLines } from '../leaderboard.ts';
import { openResults } from '../../results/open-results.ts';
import type { TrialRow } from '../../results/open-results.ts';
import { statePaths } from '../../storage/state-folder.ts';

const TOP = 10;
const FAILURES_MOST = 5;

/** Whether the sweep is over, and how many of its trials failed. */
export type Outcome = { readonly isOver: boolean; readonly failed: number };

/** Prints it. */
export function printOutcome(sweepId: string, state: string): Outcome {
  const { database } = statePaths(state);
  const results = openResults(database);
  try {
    const sweep = results.sweep(sweepId);
    if (sweep === undefined) return { isOver: false, failed: 0 };
    const failed = results.trials(sweepId).filter((trial) => trial.state === 'failed');
    const lines = [
      '',
      ...leaderboardLines(sweep, results.leaderboard(sweepId), TOP),
      ...failureLines(failed),
      '',
      ...whereLines(sweepId, database),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
    return { isOver: sweep.state !== 'running', failed: failed.length };
  } finally {
    results.close();
  }
}

function failureLines(failed: readonly TrialRow[]): readonly string[] {
  if (failed.length === 0) return [];
  const shown = failed
    .slice(0, FAILURES_MOST)
    .map((trial) => `  ${trial.trial_id}: ${trial.message.split('\n')[0] ?? ''}`);
  const rest = failed.length > FAILURES_MOST ? [`  and ${failed.length - FAILURES_MOST} more`] : [];
  return [
    '',
    `${failed.length} ${failed.length === 1 ? 'trial' : 'trials'} failed:`,
    ...shown,
    ...rest,
  ];
}

function whereLines(sweepId: string, database: string): readonly string[] {
  return [
    `results: ${relative(process.cwd(), database)}`,
    `  espalier show ${sweepId}`,
    '  espalier query "SELECT strategy, strategy_label, value FROM leaderboard LIMIT 10"',
  ];
}
