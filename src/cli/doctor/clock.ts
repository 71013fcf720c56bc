// What time it is here, and whether coordinators have the same: certificates last by clocks on the wall. Pure.

import type { Finding } from './finding.ts';

/** A coordinator's clock; undefined where nobody answered. */
export type Clock = { readonly address: string; readonly aheadMs: number | undefined };

/** Less is the time that an answer takes. */
const SAME_MS = 2_000;
/** Certificates are valid for an hour before they are made: clocks that differ by more shut out. */
const MUCH_MS = 5 * 60_000;

/** What is found about the clock of this host. */
export function checkClock(nowMs: number, clocks: readonly Clock[]): Finding {
  const rest = { what: 'clock', isNeeded: false };
  const here = `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const known = clocks.flatMap(({ address, aheadMs }) =>
    aheadMs === undefined ? [] : [{ address, aheadMs }],
  );
  const [worst] = known.toSorted((a, b) => Math.abs(b.aheadMs) - Math.abs(a.aheadMs));
  if (worst === undefined)
    return { ...rest, present: true, detail: `${here}; no coordinator answers to compare it with` };
  const apartMs = Math.abs(worst.aheadMs);
  if (apartMs < SAME_MS)
    return { ...rest, present: true, detail: `${here}, as at ${worst.address}` };
  const side = worst.aheadMs > 0 ? 'behind' : 'ahead of';
  const detail = `${here}, ${toSpan(apartMs)} ${side} ${worst.address}`;
  if (apartMs < MUCH_MS) return { ...rest, present: true, detail };
  const remedy =
    'set the clock of both: certificates last by it, and clocks that are an hour apart shut out';
  return { ...rest, present: false, detail, remedy };
}

function toSpan(ms: number): string {
  const [seconds, minutes, hours] = [1_000, 60_000, 3_600_000].map((unit) => Math.round(ms / unit));
  if (ms < 120_000) return `${seconds} s`;
  return ms < 7_200_000 ? `${minutes} min` : `${hours} h`;
}
