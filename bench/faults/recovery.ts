// How long it takes until what was struck goes on.

import type { Told } from './spool-record.ts';
import type { Victim } from './strikes.ts';

/** A `kill -9` that was carried out. Wall times in milliseconds. */
export type Blow = {
  readonly victim: Victim;
  readonly atMs: number;
  /** How long the struck agent stayed away before it was started again; 0 for all others. */
  readonly awayMs: number;
  /** The struck agent, or the one whose trial was. */
  readonly agentId: string | undefined;
  /** The attempts that it had: what may have to be tried again. */
  readonly open: readonly OpenAttempt[];
};

/** An attempt under way, and how many epochs of its stage were on record. */
export type OpenAttempt = {
  readonly stageId: string;
  readonly attempt: number;
  readonly recorded: number;
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

/** A stage that was interrupted. */
export type StageRecovery = {
  readonly blow: Blow;
  /** From the kill to the first epoch of a later attempt, repeated or new. A stage that others have overtaken waits for a slot, too. */
  readonly stageMs: number;
  /** From the kill to the next epoch that its agent trains of anything; absent where it trains none any more. */
  readonly slotMs: number | undefined;
};

/** For each attempt that a kill ended, from the last kill that struck it. Absent where the stage needed no later attempt. */
export function toStageRecoveries(
  blows: readonly Blow[],
  told: readonly Told[],
): readonly StageRecovery[] {
  const epochs = told.filter(({ report }) => report.item?.$case === 'epoch');
  const struck = new Map(
    blows.flatMap((blow) =>
      blow.open.map((open) => [`${open.stageId} ${open.attempt}`, { open, blow }] as const),
    ),
  );
  return [...struck.values()].flatMap(({ open, blow }) => {
    const after = epochs.filter(({ keptMs }) => keptMs > blow.atMs);
    const stageMs = firstOf(
      after,
      ({ stageId, attempt }) => stageId === open.stageId && attempt > open.attempt,
    );
    const slotMs = firstOf(
      after,
      ({ agentId, stageId, attempt }) =>
        agentId === blow.agentId && !(stageId === open.stageId && attempt === open.attempt),
    );
    if (stageMs === undefined) return [];
    return [{ blow, stageMs: stageMs - blow.atMs, slotMs: slotMs && slotMs - blow.atMs }];
  });
}

function firstOf(
  told: readonly Told[],
  isOne: (report: Told['report']) => boolean,
): number | undefined {
  return least(told.filter(({ report }) => isOne(report)).map(({ keptMs }) => keptMs));
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
