// The trial process: commands on descriptor 3, answers on descriptor 4, one JSON object a line; the rest is log.
// Promise: it ends when descriptor 3 does, and never goes without a last word: what nobody caught, and an exit in the middle of a
// command, become `failed`.

import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

import { selectBackend } from './backend/select-backend.ts';
import { toFailed } from './failure.ts';
import { loadStrategies, loadTrial } from './load-trial.ts';
import type { Answer, Command } from './protocol.ts';
import { TrialSession } from './trial-session.ts';

const COMMANDS = 3;
const ANSWERS = 4;

register('./resolve-hook.js', import.meta.url);
process.setSourceMapsEnabled(true);
keepLog();

const HOME = process.cwd();
const session = new TrialSession({
  loadTrial,
  loadStrategies,
  selectBackend,
  now: () => performance.now(),
});
let running: { readonly kind: string; readonly bundle: string } | undefined;
let bundle = '';
let work = Promise.resolve();

const commands = new Socket({ fd: COMMANDS, readable: true, writable: false });
commands.on('error', leave).on('close', leave);
createInterface({ input: commands }).on('line', (line) => {
  work = work.then(() => serve(line));
});

process.on('uncaughtException', giveUp);
process.on('unhandledRejection', giveUp);
process.on('exit', (code) => {
  if (running === undefined) return;
  answer({
    kind: 'failed',
    message: `the trial's module ended the process with exit code ${code} during ${running.kind}`,
  });
});

async function serve(line: string): Promise<void> {
  const command: Command = JSON.parse(line);
  if (command.kind === 'open') {
    bundle = command.bundle;
    // Where the trial before went must not decide where this one writes.
    process.chdir(HOME);
  }
  running = { kind: command.kind, bundle };
  const result = await session.handle(command);
  answer(result);
}

/** Written at once, so that an exit directly after it loses nothing. */
function answer(result: Answer): void {
  running = undefined;
  if (result.kind === 'failed') console.error(result.message, result.stack ?? '');
  writeSync(ANSWERS, `${JSON.stringify(result)}\n`);
}

function giveUp(thrown: unknown): void {
  answer(toFailed(thrown, bundle));
  process.exit(1);
}

function leave(): void {
  running = undefined;
  process.exit(0);
}

/** Writes to the log block, since `process.exit` would drop what waits in a pipe. */
function keepLog(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // Undeclared, and absent where the stream is a file, which blocks anyway.
    const handle: { setBlocking?(on: boolean): void } | undefined = Reflect.get(stream, '_handle');
    handle?.setBlocking?.(true);
  }
}
