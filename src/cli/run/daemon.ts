// A process that must stay up: started again when it is killed, not when it gives up with words of its own.
// Its standard input is a pipe from us: when we die, however we die, it reads the end and stops.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { toDeferred } from '../../domain/deferred.ts';
import { EspalierError } from '../../domain/errors.ts';

/** Kills that are borne before it is taken that something is wrong. */
const RESTARTS_MOST = 5;

export type DaemonOptions = {
  readonly name: string;
  /** Arguments of the command line, asked anew at each start. */
  readonly args: (isRestart: boolean) => readonly string[];
  readonly note: (line: string) => void;
};

export class Daemon {
  readonly #options: DaemonOptions;
  readonly #over = toDeferred<void>();
  #child: ChildProcess;
  #words = '';
  #restarts = 0;
  #startedMs = 0;
  #isStopping = false;

  constructor(options: DaemonOptions) {
    this.#options = options;
    // Whoever waits hears of a failure; nobody has to wait.
    this.#over.promise.catch(() => undefined);
    this.#child = this.#start();
  }

  /** Resolves when it was told to stop and has, by us or by others; rejects with its words when it gave up. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** When that was started: wall time, milliseconds. */
  get startedMs(): number {
    return this.#startedMs;
  }

  /** Sends a signal and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.signal(signal);
    await this.#over.promise.catch(() => undefined);
  }

  /** Tells it to stop. */
  signal(signal: NodeJS.Signals): void {
    this.#isStopping = true;
    this.#child.kill(signal);
  }

  #start(): ChildProcess {
    const { args } = this.#options;
    const [program = ''] = process.argv.slice(1);
    this.#startedMs = Date.now();
    // A group of its own: Ctrl-C in the terminal is ours to pass on.
    const child = spawn(process.execPath, [program, ...args(this.#restarts > 0), '--with-parent'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    this.#words = '';
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (this.#words = (this.#words + text).slice(-4_000)));
    child.stdin?.on('error', () => undefined);
    child.once('error', (error) => this.#over.reject(error));
    child.once('close', (status, signal) => this.#ended(status, signal));
    return child;
  }

  #ended(status: number | null, signal: NodeJS.Signals | null): void {
    const { name, note } = this.#options;
    // An agent that a person has drained leaves in order.
    if (this.#isStopping || status === 0) return this.#over.resolve();
    if (status !== null)
      return this.#over.reject(
        new EspalierError(
          'unavailable',
          `the ${name} ended: ${this.#lastWords() || `exit status ${status}`}`,
        ),
      );
    this.#restarts += 1;
    if (this.#restarts > RESTARTS_MOST)
      return this.#over.reject(
        new EspalierError('unavailable', `the ${name} was killed ${this.#restarts} times`),
      );
    note(`the ${name} was killed by ${signal}: starting it again`);
    this.#child = this.#start();
  }

  #lastWords(): string {
    return (
      this.#words
        .split('\n')
        .filter((line) => line.startsWith('espalier: '))
        .join('\n')
        .replaceAll('espalier: ', '') || this.#words.trim()
    );
  }
}
