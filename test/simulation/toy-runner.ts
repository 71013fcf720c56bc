// A slot that runs real attempts with toy processes: what the real runner does, without processes.

import type { AttemptHost } from '../../agent/trial/attempt-host.ts';
import { runAttempt } from '../../agent/trial/attempt.ts';
import type { AttemptListener, SlotRunner } from '../../agent/trial/slot-runner.ts';
import type { StageAttempt, Start } from '../../agent/core/assignment.ts';
import type { Trainers } from './trainers.ts';
import type { Disk } from './disk.ts';
import type { Gates } from './gates.ts';
import { toyTrainer } from './toy-trainer.ts';

/** What a slot needs of its agent. */
export type RunnerHost = Pick<AttemptHost, 'fetchMembers' | 'fetchHistory'> & {
  readonly owner: object;
  readonly trainers: Trainers;
  readonly disk: Disk;
  readonly gates: Gates;
  readonly canSave: boolean;
  readonly breaks: () => string | undefined;
  readonly fetchCheckpoint: (start: Start) => Promise<string | undefined>;
};

/** A runner, as far as the agent's loop needs it. */
export function toyRunner(name: string, host: RunnerHost): SlotRunner {
  const runner = {
    slot: { name, kind: 'cpu', description: '', visibleDevices: '' },
    stop: async () => undefined,
    run: async (stage: StageAttempt, withdrawn: AbortSignal, listener: AttemptListener) => {
      const toy = toHost(host, withdrawn, listener);
      const followed = host.trainers.follow(host.owner, stage, toy);
      withdrawn.addEventListener('abort', followed.end, { once: true });
      const ending = await runAttempt(stage, followed.host);
      followed.end();
      if (!withdrawn.aborted) listener.ended(ending);
    },
  };
  return runner as unknown as SlotRunner;
}

function toHost(
  host: RunnerHost,
  signal: AbortSignal,
  { report, wishes }: AttemptListener,
): AttemptHost {
  const { owner, gates, disk } = host;
  return {
    limits: { openedMs: 0 },
    wishes,
    report: (item) => {
      if (!signal.aborted) report(item);
      else if (item.$case === 'checkpoint') disk.reported(item.checkpoint.checkpointId, 0);
    },
    fetchSources: async () => ({ bundle: '', files: '' }),
    fetchMembers: async (stageId) => unlessAborted(host.fetchMembers(stageId), signal),
    fetchHistory: async (stageId) => unlessAborted(host.fetchHistory(stageId), signal),
    checkpoints: {
      reserve: async () => disk.reserve(),
      discard: async () => undefined,
      keep: async (folder) => gates.pass({ owner, what: 'keep' }, () => disk.keep(folder)),
      fetch: async (start) => unlessAborted(host.fetchCheckpoint(start), signal),
    },
    startTrainer: async () =>
      toyTrainer({
        disk,
        canSave: host.canSave,
        work: async (command, answer) =>
          gates.pass({ owner, what: command.kind, signal }, () => {
            const words = command.kind === 'epoch' ? host.breaks() : undefined;
            return words === undefined ? answer() : { kind: 'failed', message: words };
          }),
      }),
  };
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('withdrawn')), { once: true });
    promise.then(resolve, reject);
  });
}
