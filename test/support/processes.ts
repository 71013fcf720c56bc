// Real processes of the built program. Whatever a test starts is gone when it ends.

import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const CLI = join(import.meta.dirname, '../../dist/src/cli/main.js');
const POLL_MS = 20;

/** A command that runs. */
export type Running = {
  readonly child: ChildProcess;
  /** Everything that it wrote so far, to either stream. */
  output(): string;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
};

type Options = { cwd?: string; env?: NodeJS.ProcessEnv; stdout?: number };

/** Starts `espalier ...args`; `stdout` is a descriptor to take the place of what `output` would show of it. */
export function espalier(args: readonly string[], options: Options = {}): Running {
  return start(process.execPath, [CLI, ...args], options);
}

/** Starts `espalier ...args` in a network namespace. */
export function espalierIn(
  namespace: string,
  args: readonly string[],
  options: Options = {},
): Running {
  const command = ['netns', 'exec', namespace, process.execPath, CLI, ...args];
  return start('ip', command, options);
}

function start(program: string, args: readonly string[], options: Options): Running {
  if (!existsSync(CLI)) throw new Error('build first: npm run build');
  const child = spawn(program, args, {
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...process.env, CI: 'true', ...options.env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (status, signal) => resolve(status ?? signal ?? 'SIGKILL')),
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, output: () => text, ended };
}

/** Waits until `look` finds something; fails with `what` after `mostMs`. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false,
  mostMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + mostMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${mostMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Process ids of the trials that an agent with its folder in `folder` runs. */
export function trialProcesses(folder: string): readonly number[] {
  const trials = processesWith('trial/main');
  return processesWith(folder).filter((pid) => trials.includes(pid));
}

/** Process ids whose environment or command line mentions `text`; zombies do not count. */
export function processesWith(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => mentions(pid, 'environ', text) || mentions(pid, 'cmdline', text))
    .map(Number);
}

function mentions(pid: string, file: string, text: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(text);
  } catch {
    return false;
  }
}
