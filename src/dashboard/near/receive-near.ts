// What the coordinator said of the trial in sight, folded into the model.
// Promise: what is said of another trial is ignored, text from outside is cleaned, and what is kept of a long output is bounded.

import { toPlainLine } from '../../domain/plain-text.ts';
import type {
  BesideView,
  EpochView,
  WatchTrialResponse,
} from '../../wire/generated/espalier/v1/sweep.ts';
import { NO_OUTPUT, type Model, type ValueAt } from '../model.ts';
import { addOutput } from './output.ts';

/** `model` after `response`. */
export function receiveNear(model: Model, response: WatchTrialResponse): Model {
  if (response.trialId !== model.scope.trialId) return model;
  const { complete } = response;
  const output = addOutput(complete ? NO_OUTPUT : model.output, response.output);
  const added = output.lines.length - model.output.lines.length;
  return {
    ...model,
    epochs: mergeEpochs(complete ? [] : model.epochs, response.epochs),
    beside: mergeBeside(complete ? new Map() : model.beside, response.beside),
    output,
    // Who has scrolled up stays with what is read.
    logBack:
      model.logBack > 0 && model.logShows === 'output'
        ? model.logBack + Math.max(0, added)
        : model.logBack,
  };
}

function mergeEpochs(
  known: readonly EpochView[],
  fresh: readonly EpochView[],
): readonly EpochView[] {
  if (fresh.length === 0) return known;
  const byEpoch = new Map([...known, ...fresh.map(cleanEpoch)].map((view) => [view.epoch, view]));
  return [...byEpoch.values()].toSorted((a, b) => a.epoch - b.epoch);
}

function mergeBeside(
  known: ReadonlyMap<string, readonly ValueAt[]>,
  fresh: readonly BesideView[],
): ReadonlyMap<string, readonly ValueAt[]> {
  if (fresh.length === 0) return known;
  const merged = new Map(known);
  for (const { trialId, epoch, value } of fresh) {
    const before = merged.get(trialId) ?? [];
    if ((before.at(-1)?.epoch ?? -1) < epoch) merged.set(trialId, [...before, { epoch, value }]);
  }
  return merged;
}

function cleanEpoch(epoch: EpochView): EpochView {
  return {
    ...epoch,
    metrics: epoch.metrics.map(({ name, value }) => ({ name: toPlainLine(name), value })),
  };
}
