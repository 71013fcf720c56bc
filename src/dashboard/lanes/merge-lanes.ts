// What slots have trained, kept by slot.
// Promise: bounded: of each slot the latest attempts, and nothing that ended more than a day before its latest.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { AttemptView } from '../../wire/generated/espalier/v1/sweep.ts';

/** Attempts of one slot that are kept. */
const ATTEMPTS_MOST = 120;
const DAY_MS = 24 * 3_600_000;

/** Attempts by {@link laneKey}, oldest first. */
export type Lanes = ReadonlyMap<string, readonly AttemptView[]>;

/** Names a slot of an agent. */
export function laneKey(agentId: string, slot: string): string {
  return `${agentId} ${slot}`;
}

/** `known` with attempts that are new or have ended; the same where there are none. */
export function mergeLanes(known: Lanes, fresh: readonly AttemptView[]): Lanes {
  if (fresh.length === 0) return known;
  const lanes = new Map(known);
  const touched = new Set<string>();
  for (const attempt of fresh) {
    const key = laneKey(attempt.agentId, attempt.slot);
    lanes.set(key, withAttempt(lanes.get(key) ?? [], clean(attempt)));
    touched.add(key);
  }
  for (const key of touched) lanes.set(key, prune(lanes.get(key) ?? []));
  return lanes;
}

function withAttempt(lane: readonly AttemptView[], fresh: AttemptView): readonly AttemptView[] {
  const at = lane.findLastIndex(
    ({ stageId, attempt }) => stageId === fresh.stageId && attempt === fresh.attempt,
  );
  return at === -1 ? [...lane, fresh] : lane.with(at, fresh);
}

function prune(lane: readonly AttemptView[]): readonly AttemptView[] {
  const sorted = lane.toSorted((a, b) => a.fromMs - b.fromMs).slice(-ATTEMPTS_MOST);
  const oldest = (sorted.at(-1)?.fromMs ?? 0) - DAY_MS;
  return sorted.filter(({ untilMs }) => untilMs === 0 || untilMs > oldest);
}

function clean(attempt: AttemptView): AttemptView {
  return { ...attempt, end: toPlainLine(attempt.end), slot: toPlainLine(attempt.slot) };
}
