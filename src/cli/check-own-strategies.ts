// The check of a sweep's strategies of one's own before it is submitted: they run in the trial's process, where their module is.
// Promise: a sweep without such strategies starts nothing.

import type { WorkshopOptions } from '../../agent/check-strategies.ts';
import { EspalierError } from '../domain/errors.ts';
import type { SweepSpec } from '../domain/sweep.ts';
import { isOwn } from '../lr/own.ts';
import type { StrategySpec } from '../lr/spec.ts';
import { countPoints, pointAt } from '../space/grid.ts';
import type { PreparedSubmission } from '../submission/prepare-submission.ts';
import { note } from './output.ts';
import { ProgressLine } from './progress-line.ts';

/** Combinations of one item that are looked at; of more, as many evenly spread ones. */
const MOST_POINTS = 1000;

/** Steps of an epoch where the sweep file does not say. */
const STEPS = 100;

/**
 * Checks them, if there are any.
 * @throws EspalierError `invalid` with the first problem; `trials-failed` where the module cannot be loaded; `interrupted`
 */
export async function checkOwnStrategies(
  { spec, bundle }: PreparedSubmission,
  settings: Partial<WorkshopOptions> = {},
): Promise<void> {
  const strategies = toOwn(spec);
  if (strategies.length === 0) return;
  const { checkStrategies } = await import('../../agent/check-strategies.ts');
  const progress = new ProgressLine();
  try {
    const work = {
      bundle,
      download: () => bundle.read(),
      strategies,
      objective: spec.objective,
      epochs: Math.max(...spec.epochs),
      stepsPerEpoch: spec.steps_per_epoch ?? STEPS,
      onBatch: (done: number): void =>
        progress.show(`checking strategies of the module: ${done} of ${strategies.length}`),
    };
    const problem = await checkStrategies(work, { log: note, ...settings });
    if (problem !== undefined) throw toError(problem);
  } finally {
    progress.clear();
  }
}

function toOwn(spec: SweepSpec): readonly StrategySpec[] {
  return spec.learning_rate
    .filter(({ strategy }) => isOwn(strategy))
    .flatMap((grid) => {
      const count = Number(countPoints(grid));
      const looked = Math.min(count, MOST_POINTS);
      return Array.from({ length: looked }, (_, i) =>
        pointAt(grid, BigInt(Math.floor((i * count) / looked))),
      );
    });
}

function toError({
  strategy,
  message,
}: {
  strategy: StrategySpec;
  message: string;
}): EspalierError {
  const { strategy: name, ...values } = strategy;
  const words = Object.entries(values).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  return new EspalierError('invalid', `${[name, ...words].join(' ')}: ${message}`);
}
