// Looks whether a sweep's strategies of one's own are what strategies must be, in a process of their module. Promise: nothing is trained, no
// data is read, and nothing is left.

import { EspalierError } from '../src/domain/errors.ts';
import type { Monitored } from '../src/lr/definition.ts';
import type { StrategySpec } from '../src/lr/spec.ts';
import { parseSources } from './core/assignment.ts';
import type { Download } from './state/source-cache.ts';
import { inWorkshop, type WorkshopOptions } from './workshop.ts';

export type { WorkshopOptions } from './workshop.ts';

/** What to look at. */
export type StrategiesToCheck = {
  readonly bundle: { readonly sha256: string };
  readonly download: Download;
  readonly strategies: readonly StrategySpec[];
  readonly objective: Monitored;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Called before each batch with the number of those that have been looked at. */
  readonly onBatch: (done: number) => void;
};

/** Few enough to be answered well within the time that a trial has to open. */
const BATCH = 50;

/**
 * The first problem, with the strategy that has it; nothing if all are good.
 * @throws EspalierError `interrupted` after a signal, `unavailable` where this machine cannot start a process, `trials-failed` where the
 * module cannot be loaded
 */
export async function checkStrategies(
  work: StrategiesToCheck,
  options: WorkshopOptions,
): Promise<{ readonly strategy: StrategySpec; readonly message: string } | undefined> {
  return inWorkshop(options, async (workshop) => {
    const sources = parseSources({ bundleSha256: work.bundle.sha256, files: [] });
    const { bundle } = await workshop.openSources(work.download).fetch(sources);
    const process = await workshop.start('');
    const { objective, epochs, stepsPerEpoch: steps_per_epoch } = work;
    for (let from = 0; from < work.strategies.length; from += BATCH) {
      work.onBatch(from);
      const strategies = work.strategies.slice(from, from + BATCH);
      const run = { objective, epochs, steps_per_epoch };
      const command = { kind: 'check', bundle, strategies, ...run } as const;
      const { problems } = await process.check(command).catch((error: unknown) => {
        workshop.throwIfInterrupted();
        throw withNames(error, strategies);
      });
      const [first] = problems;
      const strategy = strategies[first?.index ?? 0];
      if (first !== undefined && strategy !== undefined)
        return { strategy, message: first.message };
    }
    return undefined;
  });
}

/** An answer that does not come is of one of them. */
function withNames(error: unknown, strategies: readonly StrategySpec[]): unknown {
  if (!(error instanceof EspalierError)) return error;
  const names = [...new Set(strategies.map(({ strategy }) => strategy))].join(', ');
  return new EspalierError(error.code, `${names} cannot be checked: ${error.message}`, {
    cause: error,
  });
}
