// Starts a trial's process as the leader of a group of its own, with a watcher that outlives neither the trial nor the agent.
// Promise: when the agent dies, however it dies, the kernel closes its end of descriptor 5, and the whole group is killed with all
// that the confinement holds.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { EspalierError } from '../../src/domain/errors.ts';
import { makeCgroup } from './cgroup.ts';
import type { Confinement } from './confinement.ts';

// The watcher ignores what ends the trial politely, since it must last through the grace period. It stays outside of the cgroup,
// which it ends and removes. `exec` makes the trial, or what makes its namespace, the leader itself, so that its exit status and
// signal arrive as they are.
const SCRIPT = `home=$1; shift
(trap '' HUP INT TERM; read -r _ <&5
if [ -n "$home" ]; then
  for _ in 1 2 3 4 5 6 7 8 9 10; do echo 1 >"$home/cgroup.kill"; rmdir "$home" && break; sleep 0.1; done
fi
kill -KILL 0) 3<&- 4>&- >/dev/null 2>&1 &
exec 5<&-
if [ -n "$home" ]; then echo 0 >"$home/cgroup.procs" || exit 126; fi
exec "$@"`;

/** What to start. */
export type ProcessSpec = {
  /** The program and its arguments, never through a shell. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly folder: string;
  /** `AGENT/PROCESS`. */
  readonly owner: string;
  readonly confinement: Confinement;
  /** Where standard output and standard error go. */
  readonly logDescriptor: number;
};

/** A started process: commands go to descriptor 3, answers come from descriptor 4. */
export type Supervised = {
  readonly child: ChildProcess;
  readonly group: number;
  /** The folder of its cgroup, where it has one of its own. */
  readonly cgroup: string | undefined;
  readonly commands: Socket;
  readonly answers: Socket;
};

/** Starts the process. Throws `EspalierError('unavailable')` when this machine cannot start one. */
export async function startSupervised(spec: ProcessSpec): Promise<Supervised> {
  const { logDescriptor, confinement } = spec;
  const argv = confinement.kind === 'namespace' ? [...confinement.argv, ...spec.argv] : spec.argv;
  try {
    const cgroup =
      confinement.kind === 'cgroup' ? await makeCgroup(confinement.parent, spec.owner) : undefined;
    const script = ['-c', SCRIPT, 'espalier-trial', cgroup ?? ''];
    const child = spawn('/bin/sh', [...script, ...argv], {
      cwd: spec.folder,
      env: spec.environment,
      detached: true,
      stdio: ['ignore', logDescriptor, logDescriptor, 'pipe', 'pipe', 'pipe'],
    });
    await once(child, 'spawn');
    const [, , , commands, answers] = child.stdio;
    assert(child.pid !== undefined && commands instanceof Socket && answers instanceof Socket);
    return { child, group: child.pid, cgroup, commands, answers };
  } catch (error) {
    throw new EspalierError(
      'unavailable',
      `this machine could not start a trial's process: ${String(error)}`,
      { cause: error },
    );
  }
}
