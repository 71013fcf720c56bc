// The dashboard in a real terminal, through tmux: start, resize, q.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/processes.ts';
import { hasTmux, Tmux } from '../support/tmux.ts';

const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');
const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');

/** The command in a terminal that shows how it ended. */
function open(command: string): Tmux {
  return new Tmux(`env -u CI -u NO_COLOR ${command}; echo "ended with $?"; cat`);
}

describe.runIf(hasTmux)('the dashboard in a terminal', { timeout: 120_000 }, () => {
  test('starts, fits every size, quits without ending the sweep, and restores the terminal', async () => {
    const terminal = open(`${process.execPath} ${CLI} run ${SWEEP} --state ${temporaryFolder()}`);
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
        lines[1] === '─ 1 ─[2 Trials]─ 3 ─ 4 ─ 5 ─ 6 ─ 7 ────' &&
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
    const terminal = open(`${process.execPath} ${CLI} run ${SWEEP} --state ${temporaryFolder()}`);
    await until('a running trial', () => terminal.screen().includes('1 running'));
    terminal.press('C-c');
    await until('the end', () => terminal.screen().includes('ended with 130'));
    expect(terminal.screen().replaceAll('\n', '')).toContain('goes on from here');
    expect(terminal.isAlternate()).toBe(false);
  });
});
