// The person's terminal while the dashboard has it: alternate screen, no cursor, raw keys.
// Promise: whatever ends the view or the process (a key, a signal, an exit, an error nobody caught, a terminal that is
// gone), the terminal is as it was before; only SIGKILL is stronger, after which `reset` helps.

const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[0m\u001B[?25h\u001B[?1049l';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const RESUME_CHECK_MS = 200;

/** What the terminal does on its own accord. */
export type TerminalEvents = {
  /** The process was asked to end. */
  readonly onSignal: () => void;
  /** Nobody can see the view any more. */
  readonly onGone: () => void;
  readonly onResize: () => void;
  /** The process goes on after it was suspended. */
  readonly onResume: () => void;
};

/** One terminal, entered once and left once; suspending leaves it for a while. */
export class Terminal {
  readonly #stdin: NodeJS.ReadStream;
  readonly #stdout: NodeJS.WriteStream;
  readonly #events: TerminalEvents;
  #entered = false;

  constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream, events: TerminalEvents) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#events = events;
  }

  /** Takes the terminal. */
  open(): void {
    this.#stdout.on('resize', this.#events.onResize).on('error', this.#onGone);
    this.#stdin.on('end', this.#onGone).on('error', this.#onGone);
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    process.on('exit', this.#leave).on('uncaughtExceptionMonitor', this.#leave);
    this.#enter();
  }

  /** Gives the terminal back. */
  close(): void {
    this.#leave();
    process.off('exit', this.#leave).off('uncaughtExceptionMonitor', this.#leave);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    this.#stdin.off('end', this.#onGone).off('error', this.#onGone);
    // The listener for errors stays: what was written last may fail after this.
    this.#stdout.off('resize', this.#events.onResize);
  }

  /** Gives the terminal back until the process goes on; `stop` suspends the process. */
  suspend(stop: () => void): void {
    this.#leave();
    const resume = (): void => {
      process.off('SIGCONT', resume);
      clearTimeout(check);
      this.#enter();
      this.#stdin.setRawMode(true);
      this.#events.onResume();
      // While it was stopped the shell heard of a resize, and we did not: Node looks at the size when it is told of one.
      process.kill(process.pid, 'SIGWINCH');
    };
    // Without job control nothing stops the process, and nothing would continue it.
    const check = setTimeout(resume, RESUME_CHECK_MS);
    process.on('SIGCONT', resume);
    stop();
  }

  #enter(): void {
    this.#entered = true;
    this.#stdout.write(ENTER);
  }

  readonly #leave = (): void => {
    if (!this.#entered) return;
    this.#entered = false;
    if (this.#stdin.isTTY && !this.#stdin.destroyed) this.#stdin.setRawMode(false);
    if (this.#stdout.writable) this.#stdout.write(LEAVE);
  };

  readonly #onSignal = (): void => {
    this.#leave();
    this.#events.onSignal();
  };

  readonly #onGone = (): void => {
    this.#events.onGone();
  };
}
