// One run of the real program: `espalier run FILE --plain` in a state folder of its own, with sharing on or off.
// Promise: nothing is left behind, however it ends: no process, no folder, and no file beside the sweep file.

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { openResults } from '../../src/results/open-results.ts';
import type { Results } from '../../src/results/open-results.ts';
import { statePaths } from '../../src/storage/state-folder.ts';
import { readSweepFile } from '../../src/submission/prepare-submission.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const WORDS_MOST = 20;

export type RunOptions = {
  readonly sharing: 'on' | 'off';
  readonly slots: number;
  /** Takes the program's lines as they come. */
  readonly onLine: (line: string) => void;
  /** Ends the run, which then rejects. */
  readonly signal: AbortSignal;
};

/** Runs the sweep file and hands what was recorded to `read`. `seconds` is from the command to the printed leaderboard. */
export async function runEspalier<T>(
  file: string,
  options: RunOptions,
  read: (results: Results) => T,
): Promise<{ readonly seconds: number; readonly recorded: T }> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-bench-'));
  try {
    const state = join(folder, 'state');
    const copy = copySweep(file, folder, options.sharing);
    const args = ['run', copy, '--plain', '--slots', String(options.slots), '--state', state];
    const startMs = performance.now();
    await runProgram(args, options);
    const seconds = (performance.now() - startMs) / 1000;
    return { seconds, recorded: withResults(state, read) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The sweep file with its data in another folder; both variants are such copies, so that they differ in one word. */
function copySweep(file: string, folder: string, sharing: 'on' | 'off'): string {
  const { text, spec } = readSweepFile(file);
  const from = dirname(resolve(file));
  const document = parseDocument(text);
  document.set('trial', resolve(from, spec.trial));
  document.set('sharing', sharing);
  for (const path of spec.files)
    cpSync(join(from, path), join(folder, path), { dereference: true });
  const copy = join(folder, 'sweep.yaml');
  writeFileSync(copy, String(document));
  return copy;
}

async function runProgram(args: readonly string[], { onLine, signal }: RunOptions): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  // The first signal lets trials finish, another one does not; two of a kind could arrive as one.
  const stop = (): void => void (child.kill('SIGINT') && child.kill('SIGTERM'));
  signal.addEventListener('abort', stop);
  const last: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      if (last.push(line) > WORDS_MOST) last.shift();
      onLine(line);
    });
  const status = await new Promise<number | null>((settle, reject) => {
    child.once('error', reject).once('close', settle);
  });
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (status !== 0) throw new Error(`espalier run ended with ${status}:\n${last.join('\n')}`);
}

function withResults<T>(state: string, read: (results: Results) => T): T {
  const results = openResults(statePaths(state).database);
  try {
    return read(results);
  } finally {
    results.close();
  }
}
