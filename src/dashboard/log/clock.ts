// The time of day.

const DAY_S = 86_400;

/** `13:05:09` at `ms` milliseconds since 1970 by the clock that is meant; dashes where that is no time. */
export function formatClock(ms: number): string {
  if (!Number.isFinite(ms)) return '--:--:--';
  const seconds = ((Math.floor(ms / 1000) % DAY_S) + DAY_S) % DAY_S;
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, '0'))
    .join(':');
}
