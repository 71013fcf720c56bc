// A benchmark that runs other programs ends them before it ends itself.

const INTERRUPTED = 130;

/** Runs something that takes a signal; if this process is told to end, says so and sets the exit status, once it has wound up. */
export async function runInterruptible(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => ending.abort());
  try {
    await run(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.stdout.write('interrupted\n');
    process.exitCode = INTERRUPTED;
  }
}
