// The time by which an agent judges how long it has been without contact.
// Promise: it never goes back, and where the host tells how long it has been up it also counts while the host sleeps.

import { readFileSync } from 'node:fs';

/** Milliseconds since some moment before the agent started. */
export type Clock = () => number;

/** The clock of this host: /proc/uptime, which counts a suspended host's time too, or else the process's monotonic clock. */
export function hostClock(): Clock {
  return Number.isFinite(readUptimeMs()) ? readUptimeMs : () => performance.now();
}

function readUptimeMs(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]) * 1000;
  } catch {
    return Number.NaN;
  }
}
