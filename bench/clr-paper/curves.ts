// The curves that a sweep has left in its results database: the objective after every stretch of steps, of every trial.

import type { Results } from '../../src/results/open-results.ts';

/** One trial: its setting, and the accuracy at each look; looks are equally many steps apart. */
export type Curve = {
  readonly setting: string;
  readonly strategy: string;
  /** The mode of `cyclic`, or nothing. */
  readonly mode: string;
  readonly seed: number;
  readonly stepsPerLook: number;
  readonly accuracies: readonly number[];
};

const STEPS = 'SELECT min(steps_per_epoch), max(steps_per_epoch) FROM stages';

/**
 * Reads a database that holds one sweep, all of whose trials are completed.
 * @throws Error for any other
 */
export function readCurves(results: Results): readonly Curve[] {
  const [sweep, ...others] = results.sweeps();
  if (sweep === undefined || others.length > 0)
    throw new Error(`the state folder holds ${others.length + (sweep ? 1 : 0)} sweeps, not one`);
  if (sweep.completed !== sweep.trials)
    throw new Error(`${sweep.completed} of ${sweep.trials} trials are completed; all must be`);
  const stepsPerLook = readSteps(results);
  return results.trials(sweep.sweep_id).map((trial) => ({
    setting: `${trial.strategy} ${trial.strategy_label}`,
    strategy: trial.strategy,
    mode: toMode(trial.strategy_json),
    seed: trial.seed,
    stepsPerLook,
    accuracies: results
      .epochs(trial.trial_id)
      .map(({ metrics }) => metrics[sweep.metric] ?? Number.NaN),
  }));
}

function readSteps(results: Results): number {
  const [least, most] = results.query(STEPS).rows[0]?.map(Number) ?? [];
  if (least !== undefined && least === most) return least;
  throw new Error(`stages of ${least} and of ${most} steps an epoch cannot be compared`);
}

function toMode(json: string): string {
  const strategy: unknown = JSON.parse(json);
  const isRecord = typeof strategy === 'object' && strategy !== null;
  return isRecord && 'mode' in strategy ? String(strategy.mode) : '';
}
