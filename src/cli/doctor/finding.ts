// What a doctor finds, and how that is printed. Pure.

import { toTable } from '../output.ts';

const DAY_MS = 24 * 3600 * 1000;

/** One thing that was looked at. */
export type Finding = {
  readonly what: string;
  /** Whether it is there and as it should be. */
  readonly present: boolean;
  readonly detail: string;
  /** Whether a sweep cannot run here without it. */
  readonly isNeeded: boolean;
  /** What to do about something that is there and not as it should be. */
  readonly remedy?: string;
  /** When it ends and when it is renewed, for what does: milliseconds since 1970. */
  readonly untilMs?: number;
  readonly renewMs?: number;
  /** Whole days until it ends; below 0, since it has. */
  readonly daysLeft?: number;
};

/** The findings as lines: a table, what to do, and whether sweeps can run. */
export function toFindingLines(findings: readonly Finding[]): readonly string[] {
  const missing = findings.filter(({ isNeeded, present }) => isNeeded && !present);
  const rows = findings.map((finding) => [toLabel(finding), finding.what, finding.detail]);
  return [
    ...toTable(['', 'WHAT', 'DETAIL'], rows),
    '',
    ...findings.flatMap(({ what, remedy }) => (remedy === undefined ? [] : [`${what}: ${remedy}`])),
    missing.length === 0
      ? 'Sweeps can run here.'
      : `Sweeps cannot run here: ${missing.map(({ what }) => what).join(', ')} missing.`,
  ];
}

/** Such as `2026-12-24`. */
export function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** When something ends, for people and for programs. @param untilMs milliseconds since 1970, as `nowMs` is */
export function toEnd(
  untilMs: number,
  nowMs: number,
): { readonly words: string; readonly daysLeft: number } {
  const leftMs = untilMs - nowMs;
  const count = Math.floor(Math.abs(leftMs) / DAY_MS);
  const words =
    leftMs > 0
      ? `until ${toDay(untilMs)} (${toDays(count)})`
      : `expired ${toDay(untilMs)} (${toDays(count)} ago)`;
  return { words, daysLeft: leftMs > 0 ? count : 0 - count };
}

function toDays(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}

function toLabel({ present, isNeeded, remedy }: Finding): string {
  if (present) return 'ok';
  if (isNeeded) return 'MISSING';
  return remedy === undefined ? 'absent' : 'WRONG';
}
