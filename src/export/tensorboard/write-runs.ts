// A sweep as a log folder of TensorBoard: a run for each trial in a folder of its own, and in the log folder what the HParams
// plugin is told of the sweep. Promise: one file is open at a time.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writingTo } from '../byte-sink.ts';
import { type Epoch, epochsOf, metricNames } from '../epochs-of.ts';
import { type Domain, readDomains } from '../hyperparameter-domains.ts';
import type { Tick } from '../pages.ts';
import type { Snapshot, SnapshotTrial, SweepHead } from '../snapshot.ts';
import { EventFile } from './event-file.ts';
import { toEnd, toExperiment, toStart } from './hparams.ts';

/** The tag of the learning rate at the end of an epoch. */
const RATE = 'learning_rate';

/** File names have at most 255 bytes; a run's is shorter, to be read in a list. */
const SETTING_BYTES = 150;

/** Writes the folder, which is there and empty. Returns the number of runs. */
export async function writeRuns(snapshot: Snapshot, folder: string, tick: Tick): Promise<number> {
  const { sweep } = snapshot;
  const domains = readDomains(snapshot);
  const file = `events.out.tfevents.${Math.floor(sweep.submitted_ms / 1000)}.espalier`;
  await writingTo(join(folder, file), async (sink) => {
    const experiment = toExperiment(sweep, domains, tagsOf(snapshot));
    new EventFile(sink, sweep.submitted_ms).hparams(sweep.submitted_ms, {
      $case: 'experiment',
      experiment,
    });
  });
  let count = 0;
  for (const trial of snapshot.trials()) {
    const run = join(folder, toRunName(sweep, trial));
    mkdirSync(run);
    await writingTo(join(run, file), async (sink) =>
      writeTrial(
        new EventFile(sink, trial.started_ms ?? sweep.submitted_ms),
        snapshot,
        trial,
        domains,
      ),
    );
    count += 1;
    await tick(1);
  }
  return count;
}

function tagsOf(snapshot: Snapshot): readonly string[] {
  const { metric, at } = snapshot.sweep;
  const others = metricNames(snapshot).filter((name) => name !== metric);
  const tags = [...(at === 'best' ? [bestTag(metric)] : []), metric, ...others, RATE];
  return [...new Set(tags)];
}

/** The best value of the objective until an epoch: what a trial counts by, where the plugin shows the last value of a tag. */
function bestTag(metric: string): string {
  return `best/${metric}`;
}

/** `007 plateau lr 0.05 factor 0.5 seed 2`: no separators of paths, and not too long. */
function toRunName({ trials }: SweepHead, trial: SnapshotTrial): string {
  const number = String(trial.number).padStart(String(trials).length, '0');
  const setting = [trial.strategy, trial.strategy_label, trial.config_label]
    .filter(Boolean)
    .join(' ');
  const bare = cut(setting.replaceAll(/[^\p{L}\p{N} ._,=[\]()+-]/gu, '_'), SETTING_BYTES);
  return `${number} ${bare} seed ${trial.seed}`;
}

function cut(text: string, mostBytes: number): string {
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > mostBytes) break;
    kept += character;
  }
  return kept;
}

function writeTrial(
  events: EventFile,
  snapshot: Snapshot,
  trial: SnapshotTrial,
  domains: readonly Domain[],
): void {
  const { sweep } = snapshot;
  const sessionStartInfo = toStart(trial, domains);
  events.hparams(trial.started_ms ?? sweep.submitted_ms, {
    $case: 'sessionStartInfo',
    sessionStartInfo,
  });
  let best: number | undefined;
  for (const row of epochsOf(snapshot, trial.trial_id)) {
    best = better(sweep, best, row.metrics.get(sweep.metric));
    events.scalars(row.recorded_ms, row.epoch, scalarsOf(row, sweep, best));
  }
  const sessionEndInfo = toEnd(trial);
  if (sessionEndInfo !== undefined)
    events.hparams(trial.ended_ms ?? 0, { $case: 'sessionEndInfo', sessionEndInfo });
}

function scalarsOf(
  { metrics, last }: Epoch,
  { metric, at }: SweepHead,
  best: number | undefined,
): ReadonlyMap<string, number> {
  const counted = at === 'best' && best !== undefined ? [[bestTag(metric), best] as const] : [];
  // A metric that is called as one of ours has its name.
  return new Map([[RATE, last], ...counted, ...metrics]);
}

function better(
  { mode }: SweepHead,
  best: number | undefined,
  value: number | undefined,
): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return best;
  if (best === undefined) return value;
  return mode === 'min' ? Math.min(best, value) : Math.max(best, value);
}
