// A family trained stage by stage on some slots, in an order that a seed decides; its checkpoints are held as the coordinator
// holds them where uploads take no time: the latest on the path of each stage that has not ended, and what the sweep keeps.

import { rngFor } from '../../src/domain/random.ts';
import type { SweepSpec } from '../../src/domain/sweep.ts';

/** How to train. */
export type TreeRun = {
  /** The whole path of each trial, epochs ending in `;`. */
  readonly paths: readonly string[];
  readonly slots: number;
  readonly every: number;
  readonly keep: SweepSpec['keep'];
  readonly seed: number;
};

/**
 * A stage that has not ended: the path behind it, and that with the next epoch where it is one of several ways on; how many epochs
 * the latest checkpoint has behind it, and that.
 */
type Stage = { at: string; way: string; saved: number; latest: string | undefined };

/** The most checkpoints that were held at once. */
export function mostHeld(run: TreeRun): number {
  return new TreeOnSlots(run).run();
}

class TreeOnSlots {
  readonly #run: TreeRun;
  readonly #random: () => number;
  #pending: Stage[] = [{ at: '', way: '', saved: 0, latest: undefined }];
  #running: Stage[] = [];
  readonly #kept = new Set<string>();
  #most = 0;

  constructor(run: TreeRun) {
    this.#run = run;
    this.#random = rngFor(run.seed, 'order');
  }

  run(): number {
    while (this.#pending.length + this.#running.length > 0) {
      const isFree = this.#running.length < this.#run.slots;
      if (this.#pending.length > 0 && isFree) this.#running.push(this.#take(this.#pending));
      else this.#advance(this.#take(this.#running));
      this.#count();
    }
    return this.#most;
  }

  #take(from: Stage[]): Stage {
    const [stage] = from.splice(Math.floor(this.#random() * from.length), 1);
    if (stage === undefined) throw new Error('nothing to take');
    return stage;
  }

  #advance(stage: Stage): void {
    const { at, way } = stage;
    const members = this.#run.paths.filter((path) => path.startsWith(way) && path !== at);
    const ways = [
      ...new Set(members.map((path) => path.slice(0, path.indexOf(';', at.length) + 1))),
    ];
    if (ways.length > 1) return this.#fork(stage, ways);
    for (const next of ways) {
      stage.at = stage.way = next;
      this.#saveIfDue(
        stage,
        members.some((path) => path !== next),
      );
      this.#running.push(stage);
    }
  }

  #fork(stage: Stage, ways: readonly string[]): void {
    if (stage.at !== '') this.#save(stage, this.#run.keep === 'all');
    const [inPlace, ...others] = ways.map((way) => ({ ...stage, way }));
    this.#pending.push(...others);
    if (inPlace !== undefined) this.#running.push(inPlace);
  }

  #saveIfDue(stage: Stage, goesOn: boolean): void {
    const { paths, keep, every } = this.#run;
    const isLast = paths.includes(stage.at) && (keep === 'last' || keep === 'all');
    const isDue = goesOn && toEpochs(stage.at) - stage.saved >= every;
    if (isLast || isDue) this.#save(stage, isLast || keep === 'all');
  }

  #save(stage: Stage, isKept: boolean): void {
    stage.saved = toEpochs(stage.at);
    stage.latest = stage.at;
    if (isKept) this.#kept.add(stage.at);
  }

  #count(): void {
    const latest = [...this.#pending, ...this.#running].flatMap((stage) => stage.latest ?? []);
    this.#most = Math.max(this.#most, new Set([...latest, ...this.#kept]).size);
  }
}

function toEpochs(path: string): number {
  return path.split(';').length - 1;
}
