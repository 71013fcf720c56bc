// What a command prints, caught inside the test's own process.

import { onTestFinished, vi } from 'vitest';

/** What went to standard output and to standard error. */
export type Printed = { readonly out: string; readonly err: string };

/** Runs `command` and returns what it printed; its failure is passed on. */
export async function printedBy(command: () => Promise<unknown>): Promise<Printed> {
  const written = { out: '', err: '' };
  const spies = (['out', 'err'] as const).map((name) =>
    vi.spyOn(process[`std${name}`], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  const restore = (): void => spies.forEach((spy) => spy.mockRestore());
  onTestFinished(restore);
  try {
    await command();
  } finally {
    restore();
  }
  return written;
}
