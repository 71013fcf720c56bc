// How long a call keeps processors busy. Promise: what other processes do does not count, but for the caches that they fill.

const US_PER_MS = 1000;

/** Milliseconds of processor time of all threads of this process, collecting garbage included: on a quiet machine, at least the wall time. */
export function toCpuMs(call: () => void): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / US_PER_MS;
}
