// Which backends work on this machine, for `espalier doctor`.
// Promise: each is tried in a process of its own: whatever a native library does there, also a crash or a hang, is one entry of the list.

import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EspalierError } from '../../domain/errors.ts';
import type { BackendName } from './select-backend.ts';
import { BACKENDS } from './select-backend.ts';

/** What came of trying a backend: the numerics of one that works, or why it does not. */
export type BackendProbe = {
  readonly name: BackendName;
  readonly present: boolean;
  readonly detail: string;
};

const PATIENCE_MS = 60_000;

/** Tries every backend. Throws `unavailable` when run from sources that were never built, since the process it starts runs the built files. */
export async function probeBackends(): Promise<readonly BackendProbe[]> {
  const entry = childEntry();
  return Promise.all(BACKENDS.map((name) => probe(entry, name)));
}

/** The built file of the child process; Node 20 cannot run its source. */
function childEntry(): string {
  const beside = fileURLToPath(new URL('./probe-child.ts', import.meta.url));
  const built = import.meta.url.endsWith('.ts')
    ? beside.replace(/src(?=.trial.backend.probe-child\.ts$)/, 'dist/src')
    : beside;
  const entry = built.replace(/\.ts$/, '.js');
  if (existsSync(entry)) return entry;
  throw new EspalierError(
    'unavailable',
    `backends cannot be probed: ${entry} is missing; run npm run build`,
  );
}

/** What the child process sends; nothing if it dies first. */
export type ProbeMessage = { readonly present: boolean; readonly detail: string };

function probe(entry: string, name: BackendName): Promise<BackendProbe> {
  return new Promise((resolve) => {
    const child = fork(entry, [name], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const finish = (present: boolean, detail: string): void => {
      clearTimeout(patience);
      resolve({ name, present, detail });
    };
    child.once('message', (message) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sent by probe-child.ts and nobody else
      const { present, detail } = message as ProbeMessage;
      finish(present, detail);
    });
    child.once('error', (error) => finish(false, error.message));
    child.once('exit', (code, signal) =>
      finish(false, `the process that tried it ended with ${signal ?? `status ${code}`}`),
    );
  });
}
