// A clock and a stream of random numbers that are not the real ones, for as long as a piece of the user's code runs.
// Promise: the real ones are back afterwards, whatever happens.

/** Runs `work` with this stream in place of Math.random and this time, in milliseconds, on every clock. */
export function withWorld<T>(random: () => number, timeMs: number, work: () => T): T {
  const real = { random: Math.random, Date: globalThis.Date };
  Math.random = random;
  globalThis.Date = toStopped(real.Date, timeMs);
  // Hides the method of the prototype.
  Object.defineProperty(performance, 'now', { value: () => timeMs, configurable: true });
  try {
    return work();
  } finally {
    Math.random = real.random;
    globalThis.Date = real.Date;
    Reflect.deleteProperty(performance, 'now');
  }
}

function toStopped(real: DateConstructor, timeMs: number): DateConstructor {
  return new Proxy(real, {
    construct: (target, args: unknown[]): object =>
      Reflect.construct(target, args.length > 0 ? args : [timeMs]),
    apply: (target) => new target(timeMs).toString(),
    get: (target, key, receiver): unknown =>
      key === 'now' ? () => timeMs : Reflect.get(target, key, receiver),
  });
}
