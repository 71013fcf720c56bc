// By default TensorFlow.js draws initial weights and dropout masks from Math.random. While `work` runs, Math.random is a seeded
// stream. Promise: the stream before is back afterwards, whatever happens.

/** Runs `work` with `random` in place of Math.random. */
export async function withRandom<T>(random: () => number, work: () => T | Promise<T>): Promise<T> {
  const before = Math.random;
  Math.random = random;
  try {
    return await work();
  } finally {
    Math.random = before;
  }
}
