// The signals of an agent's process: the first asks it to drain, the second to stop.

/** Two requests, and how to let go of the process's signals. */
export type StopSignals = {
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
  readonly dispose: () => void;
};

/** Listens for SIGINT and SIGTERM. */
export function listenForSignals(log: (line: string) => void): StopSignals {
  const [drain, stop] = [new AbortController(), new AbortController()];
  const listener = (signal: NodeJS.Signals): void => {
    if (drain.signal.aborted) stop.abort();
    else {
      log(
        `${signal}: draining; what runs is handed over at the end of its epoch. Once more stops it at once`,
      );
      drain.abort();
    }
  };
  process.on('SIGINT', listener).on('SIGTERM', listener);
  const dispose = (): void => {
    process.off('SIGINT', listener).off('SIGTERM', listener);
  };
  return { drain: drain.signal, stop: stop.signal, dispose };
}
