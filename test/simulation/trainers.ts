// What trains in a simulated world: every process that has begun an attempt and has not ended, and which trials it trains.

import type { StageAttempt } from '../../agent/core/assignment.ts';
import type { AttemptHost } from '../../agent/trial/attempt-host.ts';

/** A process, from when it knows what it trains. */
type Trainer = {
  readonly owner: object;
  readonly sweepId: string;
  readonly exclusive: boolean;
  readonly stageId: string;
  numbers: readonly number[];
  readonly absent: () => ReadonlySet<number>;
};

/** A host that is listened to, and what to call when the process has ended. */
type Followed = { readonly host: AttemptHost; readonly end: () => void };

/** All processes of one world. */
export class Trainers {
  readonly #all = new Set<Trainer>();

  /** The same host, which is listened to: what the process trains, and what it trains on after a fork. */
  follow(owner: object, stage: StageAttempt, host: AttemptHost): Followed {
    let trainer: Trainer | undefined;
    let hasEnded = false;
    const end = (): void => {
      hasEnded = true;
      if (trainer !== undefined) this.#all.delete(trainer);
    };
    const listened: AttemptHost = {
      ...host,
      fetchMembers: async (stageId) => {
        const members = await host.fetchMembers(stageId);
        const numbers = members.map(({ number }) => number);
        const absent = (): ReadonlySet<number> => host.wishes().absent;
        const { sweepId, exclusive } = stage;
        trainer = { owner, sweepId, exclusive, stageId, numbers, absent };
        if (!hasEnded) this.#all.add(trainer);
        return members;
      },
      report: (item) => {
        if (trainer !== undefined && item.$case === 'forked') {
          const { classes, inPlace } = item.forked;
          trainer.numbers = inPlace === undefined ? [] : (classes[inPlace]?.members ?? []);
        }
        host.report(item);
      },
    };
    return { host: listened, end };
  }

  /** All processes of an agent are no more. */
  drop(owner: object): void {
    for (const trainer of this.#all) if (trainer.owner === owner) this.#all.delete(trainer);
  }

  /** Stages that are trained, one for each process. */
  all(): readonly string[] {
    return [...this.#all].map(({ stageId }) => stageId);
  }

  /** Trials of exclusive sweeps that two processes train at once, in words. */
  overlaps(): readonly string[] {
    const seen = new Map<string, Trainer>();
    const found: string[] = [];
    for (const trainer of [...this.#all].filter(({ exclusive }) => exclusive))
      for (const key of keysOf(trainer)) {
        const other = seen.get(key);
        if (other !== undefined)
          found.push(`${key} is trained in ${other.stageId} and in ${trainer.stageId} at once`);
        seen.set(key, trainer);
      }
    return found;
  }
}

function keysOf({ sweepId, numbers, absent }: Trainer): readonly string[] {
  const gone = absent();
  return numbers.filter((number) => !gone.has(number)).map((number) => `${sweepId}/${number}`);
}
