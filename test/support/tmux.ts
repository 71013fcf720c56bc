// A real pseudo-terminal, through tmux: a shell types nothing that the test does not, and what stands on the screen can be read.
// Promise: each has a server of its own, which ends with the test.

import { execFileSync, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Whether tmux is there. */
export const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) process.stderr.write('skipped: the terminal tests need tmux\n');

let count = 0;

/** A terminal in which one command runs. */
export class Tmux {
  readonly #socket = `espalier-test-${process.pid}-${(count += 1)}`;

  constructor(command: string, columns = 80, rows = 24) {
    const [width, height] = [String(columns), String(rows)];
    // No settings of whoever runs the tests.
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', width, '-y', height, command);
    onTestFinished(() => void this.#tmux('kill-server'));
  }

  /** What stands on the screen. */
  screen(): string {
    return this.#tmux('capture-pane', '-p');
  }

  /** The same with the codes of its colours. */
  coloured(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** Presses keys by their names in tmux, such as `C-c`. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Types a line, with Enter at its end. */
  enter(line: string): void {
    this.#tmux('send-keys', '-l', line);
    this.#tmux('send-keys', 'Enter');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Whether the alternate screen is shown. */
  isAlternate(): boolean {
    return this.#says('#{alternate_on}') === '1';
  }

  /** Whether the cursor is shown. */
  hasCursor(): boolean {
    return this.#says('#{cursor_flag}') === '1';
  }

  #says(format: string): string {
    return this.#tmux('display-message', '-p', format).trim();
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}
