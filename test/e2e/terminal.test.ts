// The dashboard in a real terminal, through tmux: start, resize, q.

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/processes.ts';

const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');
const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
if (!hasTmux) process.stderr.write('skipped: the terminal tests need tmux\n');

/** A terminal of its own server, which ends with the test. */
class Terminal {
  readonly #socket = `espalier-test-${process.pid}-${Math.round(performance.now() * 1000)}`;

  constructor(command: string, columns: number, rows: number) {
    this.#tmux(
      'new-session',
      '-d',
      '-x',
      String(columns),
      '-y',
      String(rows),
      `env -u CI -u NO_COLOR ${command}; echo "ended with $?"; cat`,
    );
    onTestFinished(() => void this.#tmux('kill-server'));
  }

  screen(): string {
    return this.#tmux('capture-pane', '-p');
  }

  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  isAlternate(): boolean {
    return this.#tmux('display-message', '-p', '#{alternate_on}').trim() === '1';
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}

describe.runIf(hasTmux)('the dashboard in a terminal', { timeout: 120_000 }, () => {
  test('starts, fits every size, quits without ending the sweep, and restores the terminal', async () => {
    const terminal = new Terminal(
      `${process.execPath} ${CLI} run ${SWEEP} --state ${temporaryFolder()}`,
      80,
      24,
    );
    await until(
      'the overview',
      () => terminal.screen().includes('Overview') && terminal.screen().includes('steady'),
    );
    expect(terminal.isAlternate()).toBe(true);
    terminal.press('Tab');
    await until('the trials', () => /1 [●✓○] fixed/.test(terminal.screen()));
    terminal.resize(120, 40);
    await until('the wide frame', () =>
      terminal
        .screen()
        .split('\n')
        .some((line) => line.trimEnd().length > 100),
    );
    terminal.resize(40, 10);
    await until('the narrow frame', () => {
      const lines = terminal.screen().trimEnd().split('\n');
      return (
        lines[1] === '─ 1 ─[2 Trials]─ 3 ─ 4 ────────────────' &&
        lines.at(-1)?.trimEnd() === ' Enter open  Tab panes  ? help  q quit'
      );
    });
    terminal.resize(80, 24);
    terminal.press('q');
    await until('the shell again', () => terminal.screen().includes('the sweep goes on'));
    expect(terminal.isAlternate()).toBe(false);
    await until('the leaderboard', () => terminal.screen().includes('ended with 0'));
    expect(terminal.screen()).toContain('espalier.db');
  });

  test('Ctrl-C in the dashboard drains, and the terminal is as it was', async () => {
    const terminal = new Terminal(
      `${process.execPath} ${CLI} run ${SWEEP} --state ${temporaryFolder()}`,
      80,
      24,
    );
    await until('a running trial', () => terminal.screen().includes('1 running'));
    terminal.press('C-c');
    await until('the end', () => terminal.screen().includes('ended with 130'));
    expect(terminal.screen().replaceAll('\n', '')).toContain('goes on from here');
    expect(terminal.isAlternate()).toBe(false);
  });
});
