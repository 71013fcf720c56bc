// How much of a trial's output is kept.
// Promise: whatever an agent sends, a stage's output stays below the limit, and whoever reads it sees where it was cut.

import type { ReportItem } from './event.ts';
import type { FactOf } from './fact.ts';
import type { Limits } from './limits.ts';
import type { Stage } from './model.ts';

/** What a row costs besides its bytes. */
const ROW_BYTES = 64;

/** What a chunk of so many bytes costs. */
export function toLogCost(bytes: number): number {
  return bytes + ROW_BYTES;
}

/** The chunk, or in the place of the first that is too much a mark that says so, or nothing. */
export function decideLog(
  { id: stageId, attempt }: Stage,
  item: Extract<ReportItem, { kind: 'log' }>,
  { logBytesMost }: Limits,
): readonly FactOf['log-recorded'][] {
  const { offsetBytes, droppedBytes, data, keptBytes = 0 } = item;
  if (keptBytes >= logBytesMost) return [];
  const chunk = {
    kind: 'log-recorded',
    stageId,
    attempt,
    offsetBytes,
    droppedBytes,
    data,
  } as const;
  if (keptBytes + toLogCost(data.length) <= logBytesMost) return [chunk];
  return [{ ...chunk, data: toMark(logBytesMost), droppedBytes: droppedBytes + data.length }];
}

function toMark(most: number): Uint8Array {
  return new TextEncoder().encode(`\n[no more than ${most} bytes are kept: the log ends here]\n`);
}
