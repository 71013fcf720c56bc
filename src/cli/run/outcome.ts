// What a run says at its end: the leaderboard, the best strategy against the best fixed rate, and where the results are.

import { relative } from 'node:path';
import { toStateFlag } from '../hint.ts';
import { leaderboardLines } from '../leaderboard.ts';
import { print } from '../output.ts';
import { openResults } from '../../results/open-results.ts';
import type { TrialRow } from '../../results/open-results.ts';
import { statePaths } from '../../storage/state-folder.ts';

const TOP = 10;
const FAILURES_MOST = 5;

/** Whether the sweep is over, and how many of its trials failed. */
export type Outcome = { readonly isOver: boolean; readonly failed: number };

/** Prints it. */
export function printOutcome(sweepId: string, state: string): Outcome {
  const results = openResults(statePaths(state).database);
  try {
    const sweep = results.sweep(sweepId);
    if (sweep === undefined) return { isOver: false, failed: 0 };
    const failed = results.trials(sweepId).filter((trial) => trial.state === 'failed');
    const lines = [
      '',
      ...leaderboardLines(sweep, results.leaderboard(sweepId), TOP, process.stdout.columns),
      ...failureLines(failed),
      '',
      ...whereLines(sweepId, state),
    ];
    for (const line of lines) print(line);
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

function whereLines(sweepId: string, state: string): readonly string[] {
  const flag = toStateFlag(state);
  return [
    `results: ${relative(process.cwd(), statePaths(state).database)}`,
    `  espalier show ${sweepId}${flag}`,
    `  espalier report ${sweepId} -o ${sweepId}.html${flag}`,
    `  espalier query "SELECT strategy, strategy_label, value FROM leaderboard WHERE sweep_id = '${sweepId}' LIMIT 10"${flag}`,
  ];
}
