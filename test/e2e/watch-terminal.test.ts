// `espalier watch` in a real terminal: whatever ends it or stops it for a while, the terminal is as it was before.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keepCredential, personalFolder } from '../../src/pki/credential-folder.ts';
import { submitSmall } from '../support/coordinator.ts';
import { temporaryFolder } from '../support/folder.ts';
import { clientAs, letIn, protectedCoordinator } from '../support/protected.ts';
import { processesWith, until } from '../support/processes.ts';
import { hasTmux, Tmux } from '../support/tmux.ts';
import { Cluster } from './cluster.ts';

const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');
const SWEEP = join(import.meta.dirname, 'fixtures/steady.yaml');
const BREAK = join(import.meta.dirname, 'fixtures/break-on-signal.mjs');
const PLAIN_ENV = 'env -u CI -u NO_COLOR -u FORCE_COLOR -u COLORTERM';
/** Settings of a shell with job control and nothing on its screen but what is typed. */
const SHELL = `${PLAIN_ENV} PS1='$ ' bash --norc --noprofile -i`;

/** A coordinator with a sweep that waits for agents, and the command that watches it. */
async function waitingSweep(): Promise<{ readonly cluster: Cluster; readonly watch: string }> {
  const cluster = new Cluster();
  await cluster.startCoordinator();
  await cluster.submit(SWEEP);
  const watch = `${process.execPath} ${CLI} watch --coordinator ${cluster.address}`;
  return { cluster, watch };
}

async function overview(terminal: Tmux): Promise<void> {
  await until('the overview', () => terminal.screen().includes('○ 8 pending'));
  expect([terminal.isAlternate(), terminal.hasCursor()]).toEqual([true, false]);
}

/** Waits for a text that the shell prints after the view, and looks at the terminal. */
async function restored(terminal: Tmux, text: string): Promise<void> {
  await until(text, () => terminal.screen().includes(text));
  expect([terminal.isAlternate(), terminal.hasCursor()]).toEqual([false, true]);
  // Typed letters are echoed again, and a line ends with Enter: the terminal is not raw.
  terminal.enter('echo cooked=$((40+2))');
  await until('the shell', () => terminal.screen().includes('cooked=42'));
}

describe.runIf(hasTmux)('the dashboard in a terminal', { timeout: 240_000 }, () => {
  test('Ctrl-Z gives the terminal to the shell, and fg takes it back, in the size that it has by then', async () => {
    const { watch } = await waitingSweep();
    const terminal = new Tmux(SHELL);
    terminal.enter(watch);
    await overview(terminal);
    terminal.press('C-z');
    await restored(terminal, 'Stopped');
    terminal.resize(100, 30);
    terminal.enter('fg');
    await overview(terminal);
    await until('the wide frame', () => /─{20}$/m.test(terminal.screen()));
    terminal.press('q');
    await restored(terminal, '$');
  });

  test('SIGTERM, an error that nobody catches, and Ctrl-C each give the terminal back', async () => {
    const { cluster, watch } = await waitingSweep();
    const terminal = new Tmux(SHELL);
    const ends: readonly (readonly [signal: NodeJS.Signals, ends: string])[] = [
      ['SIGTERM', 'ended=130'],
      ['SIGUSR2', 'a bug that nobody catches'],
    ];
    for (const [signal, end] of ends) {
      terminal.enter(`clear; NODE_OPTIONS='--import ${BREAK}' ${watch}; echo ended=$?`);
      await overview(terminal);
      const [pid] = processesWith(`watch\0--coordinator\0${cluster.address}`);
      process.kill(pid ?? Number.NaN, signal);
      await restored(terminal, end);
    }
    terminal.enter(`clear; ${watch}; echo ended=$?`);
    await overview(terminal);
    terminal.press('C-c');
    await restored(terminal, 'ended=130');
  });

  test('a dumb terminal gets plain lines, NO_COLOR a view without colours, and others one with them', async () => {
    const { watch } = await waitingSweep();
    const dumb = new Tmux(`${PLAIN_ENV} TERM=dumb ${watch}`);
    await until('a line', () => dumb.screen().includes('sweep steady (steady): 8 trials'));
    expect(dumb.isAlternate()).toBe(false);
    const plain = new Tmux(`${PLAIN_ENV} NO_COLOR=1 ${watch}`);
    await overview(plain);
    expect(plain.coloured()).not.toContain('\u001B[');
    const coloured = new Tmux(`${PLAIN_ENV} TERM=xterm ${watch}`);
    await overview(coloured);
    expect(coloured.coloured()).toContain('\u001B[36m');
    const rich = new Tmux(`${PLAIN_ENV} COLORTERM=truecolor TERM=xterm-256color ${watch}`);
    await overview(rich);
    expect(rich.coloured()).toContain('\u001B[38;');
  });

  test('a reader watches, is told so, and steers nothing', async () => {
    const coordinator = await protectedCoordinator();
    const { address } = coordinator;
    const client = clientAs(coordinator, await letIn(coordinator, 'operator', 'ada'));
    await submitSmall(client);
    const config = temporaryFolder();
    const folder = personalFolder({ XDG_CONFIG_HOME: config });
    keepCredential(folder, address, await letIn(coordinator, 'reader', 'rob'));
    const terminal = new Tmux(
      `${PLAIN_ENV} XDG_CONFIG_HOME=${config} ${process.execPath} ${CLI} watch --coordinator ${address}`,
    );
    await until('the sweep', () => /read only[^]*pending/.test(terminal.screen()));
    expect(terminal.screen()).not.toContain('p pause');
    for (const key of ['p', 'c']) {
      terminal.press('Tab');
      await until('no notice', () => !terminal.screen().includes('may only read'));
      terminal.press('1', key);
      await until('a refusal', () => terminal.screen().includes('this certificate may only read'));
    }
  });
});
