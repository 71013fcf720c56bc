// Starts a trial's process as the leader of a group of its own, with a watcher that outlives neither the trial nor the agent.
// Promise: when the agent dies, however it dies, the kernel closes its end of descriptor 5 and the whole group is killed.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { EspalierError } from '../../src/domain/errors.ts';

// The watcher ignores what ends the trial politely, since it must last through the grace period. `exec` makes the trial the
// leader itself, so that its exit status and signal arrive as they are.
const SCRIPT = `(trap '' HUP INT TERM; read -r _ <&5; kill -KILL 0) 3<&- 4>&- >/dev/null 2>&1 &
exec 5<&-
exec "$@"`;

/** What to start. */
export type ProcessSpec = {
  /** The program and its arguments, never through a shell. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly folder: string;
  /** Where standard output and standard error go. */
  readonly logDescriptor: number;
};

/** A started process: commands go to descriptor 3, answers come from descriptor 4. */
export type Supervised = {
  readonly child: ChildProcess;
  readonly group: number;
  readonly commands: Socket;
  readonly answers: Socket;
};

/** Starts the process. Throws `EspalierError('unavailable')` when this machine cannot start one. */
export async function startSupervised(spec: ProcessSpec): Promise<Supervised> {
  const { logDescriptor } = spec;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'espalier-trial', ...spec.argv], {
    cwd: spec.folder,
    env: spec.environment,
    detached: true,
    stdio: ['ignore', logDescriptor, logDescriptor, 'pipe', 'pipe', 'pipe'],
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new EspalierError(
      'unavailable',
      `this machine could not start a trial's process: ${String(error)}`,
      { cause: error },
    );
  }
  const [, , , commands, answers] = child.stdio;
  assert(child.pid !== undefined && commands instanceof Socket && answers instanceof Socket);
  return { child, group: child.pid, commands, answers };
}
