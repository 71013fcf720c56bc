// Lets the event loop turn while a training runs. `fit` does so by itself, but not where all callbacks are classes: then a
// page would stand still until the training ends.

/** As often as the library does it. */
const EVERY_MS = 125;

/** A function to call between steps; most calls do nothing. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  const breathe = async (): Promise<void> => {
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    last = performance.now();
  };
  return () => (performance.now() - last < EVERY_MS ? undefined : breathe());
}
