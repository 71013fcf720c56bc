// How long it takes until what was struck goes on.

import type { Told } from './spool-record.ts';
import type { Victim } from './strikes.ts';

/** A `kill -9` that was carried out. Wall times in milliseconds. */
export type Blow = {
  readonly victim: Victim;
  readonly atMs: number;
  /** How long the struck agent stayed away before it was started again; 0 for all others. */
  readonly awayMs: number;
  /** The attempts that the struck agent had: what may have to be tried again. */
  readonly open: readonly { readonly stageId: string; readonly attempt: number }[];
};

/** For each restart of the coordinator: from the kill before it to the first report that it acknowledged; absent where it was killed again before. */
export function toCoordinatorTimes(
  blows: readonly Blow[],
  starts: readonly number[],
  told: readonly Told[],
): readonly number[] {
  const kills = blows.filter(({ victim }) => victim === 'coordinator').map(({ atMs }) => atMs);
  return starts.flatMap((startMs, i) => {
    const killMs = kills.findLast((atMs) => atMs <= startMs);
    const untilMs = starts[i + 1] ?? Number.POSITIVE_INFINITY;
    const firstMs = least(
      told.map(({ acknowledgedMs = 0 }) => acknowledgedMs).filter((ms) => ms > startMs),
    );
    return killMs === undefined || firstMs === undefined || firstMs >= untilMs
      ? []
      : [firstMs - killMs];
  });
}

/** A stage that was interrupted, and how long it took to its next epoch. */
export type StageRecovery = { readonly blow: Blow; readonly tookMs: number };

/**
 * For each attempt that a kill ended: from the last kill that struck it to the first epoch of a later attempt of its stage, repeated
 * or new. Absent where the stage needed none.
 */
export function toStageRecoveries(
  blows: readonly Blow[],
  told: readonly Told[],
): readonly StageRecovery[] {
  const struck = new Map(
    blows.flatMap((blow) =>
      blow.open.map((open) => [`${open.stageId} ${open.attempt}`, { ...open, blow }] as const),
    ),
  );
  return [...struck.values()].flatMap(({ stageId, attempt, blow }) => {
    const next = told.filter(
      ({ report, keptMs }) =>
        report.item?.$case === 'epoch' &&
        report.stageId === stageId &&
        report.attempt > attempt &&
        keptMs > blow.atMs,
    );
    const firstMs = least(next.map(({ keptMs }) => keptMs));
    return firstMs === undefined ? [] : [{ blow, tookMs: firstMs - blow.atMs }];
  });
}

/** Epochs that were told more often than once: of one stage by several attempts. */
export function countRepeated(told: readonly Told[]): number {
  const keys = told.flatMap(({ report: { stageId, item } }) =>
    item?.$case === 'epoch' ? [`${stageId} ${item.epoch.epoch}`] : [],
  );
  return keys.length - new Set(keys).size;
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b));
}
