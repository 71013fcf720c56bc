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

/** A stage that has not ended: the epochs behind it as a text, the epochs at its latest checkpoint, and that. */
type Stage = { at: string; saved: number; latest: string | undefined };

/** The most checkpoints that were held at once. */
export function mostHeld(run: TreeRun): number {
  return new TreeOnSlots(run).run();
}

class TreeOnSlots {
  readonly #run: TreeRun;
  readonly #random: () => number;
  #pending: Stage[] = [{ at: '', saved: 0, latest: undefined }];
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
    const { paths, keep } = this.#run;
    const members = paths.filter((path) => path.startsWith(stage.at) && path !== stage.at);
    const ways = [...new Set(members.map((path) => path.slice(0, path.indexOf(';', stage.at.length) + 1)))];
    const [only] = ways;
    if (only === undefined) return;
    if (ways.length > 1) return this.#fork(stage, ways);
    stage.at = only;
    const isLast = paths.includes(stage.at);
    const isDue = toEpochs(stage.at) - stage.saved >= this.#run.every;
    const goesOn = members.some((path) => path !== stage.at);
    if (isLast && (keep === 'last' || keep === 'all')) this.#save(stage, true);
    else if (isDue && goesOn) this.#save(stage, keep === 'all');
    this.#running.push(stage);
  }

  /** Each way on is a stage; that the first goes on in place, and trains at once, is one order of many. */
  #fork(stage: Stage, ways: readonly string[]): void {
    if (stage.at !== '') this.#save(stage, this.#run.keep === 'all');
    const [first, ...others] = ways.map((way) => ({ ...stage, way }));
    for (const { way, ...child } of others) this.#pending.push(this.#enter(child, way));
    if (first !== undefined) this.#running.push(this.#enter(first, first.way));
  }

  /** Trains the first epoch of a child at once, so that it does not fork again where it began. */
  #enter({ saved, latest }: Stage, way: string): Stage {
    return { at: way, saved, latest };
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
