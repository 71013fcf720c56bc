// What the benchmark found, as Markdown tables for the README.

import { toMs } from '../distribution.ts';
import { toCount, toTable } from '../markdown-table.ts';
import { toPauseShare, toRatios } from './checks.ts';
import type { GridRun } from './grid-run.ts';

/** Epochs and wall time of each grid. */
export function toMainTable(runs: readonly GridRun[]): readonly string[] {
  return toTable(
    [
      'grid',
      'trials',
      'epochs delivered',
      'epochs trained, sharing off / on',
      'ratio',
      'wall time off / on',
      'ratio',
      'of the epochs’',
    ],
    runs.map((run) => {
      const { on, off } = run;
      const { epochs, wall } = toRatios(run);
      return [
        run.name,
        toCount(run.trials),
        toCount(on.recording.delivered),
        `${toCount(off.recording.trained)} / ${toCount(on.recording.trained)}`,
        epochs.toFixed(2),
        `${off.seconds.toFixed(0)} s / ${on.seconds.toFixed(0)} s`,
        wall.toFixed(2),
        (wall / epochs).toFixed(2),
      ];
    }),
  );
}

/** Where slots were idle with sharing on. */
export function toPauseTable(runs: readonly GridRun[]): readonly string[] {
  return toTable(
    [
      'grid (median / 90 % / greatest)',
      'an epoch',
      'from epoch to epoch',
      'fork, going on in place',
      'of an epoch',
      'another stage from its checkpoint',
    ],
    runs.map((run) => {
      const { epoch, between, inPlace, fromCheckpoint } = run.on.pauses;
      return [
        run.name,
        toMs(epoch),
        toMs(between),
        `${toMs(inPlace)} (${inPlace.count})`,
        toPauseShare(run).toFixed(3),
        `${toMs(fromCheckpoint)} (${fromCheckpoint.count})`,
      ];
    }),
  );
}
