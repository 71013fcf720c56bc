// How many epochs a family trains if equal beginnings are trained once: the nodes of the tree that the trials' control vectors
// make, an epoch a node. Promise: exact for strategies that depend on the step alone. For those that follow metrics, whatever
// the metrics (the first one finite), and for those of one's own, the true number lies within the two that come out.
//
// A trial is known for some epochs. Behind them the least assumes that it goes along with any trial that began alike, and
// costs an epoch only where there is none left; the most, that it shares only with trials that must do the same.

import { createStrategy } from '../lr/create-strategy.ts';
import { isOwn } from '../lr/own.ts';
import type { Strategy } from '../lr/strategy.ts';
import { EpochHasher } from './epoch-hasher.ts';
import { isPlateau, toPlateauReach } from './plateau-reach.ts';
import type { Setting } from './setting.ts';
import { StageTree } from './stage-tree.ts';

/** Epochs of one family. */
export type PrefixCount = {
  /** Epochs of all trials together: what training each alone takes. */
  readonly delivered: number;
  /** Distinct prefixes at the least; the exact number where it equals `most`. */
  readonly least: number;
  readonly most: number;
  /** Epochs above the first at which training parts, once for each; exact where both are equal. */
  readonly forks: { readonly least: number; readonly most: number };
  /** Indices of settings whose trials are the same training from beginning to end, two or more at a time. */
  readonly equal: readonly (readonly number[])[];
  /** Whether all was compared; else `least` and `most` are further apart than they need be. */
  readonly isComplete: boolean;
  /** Whether any of the epochs compared had more than one value, so that the steps of an epoch count. */
  readonly hasMoved: boolean;
};

/** Up to half a minute of comparing. */
export const MOST_WORK = 500_000_000;

/** Counts the settings of one family. `mostWork` bounds the steps evaluated. */
export function countPrefixes(
  settings: readonly Setting[],
  stepsPerEpoch: number,
  mostWork = MOST_WORK,
): PrefixCount {
  const walk = new Walk(settings, stepsPerEpoch, mostWork);
  walk.run();
  return {
    delivered: settings.reduce((sum, { epochs }) => sum + epochs, 0),
    least: walk.tree.least(),
    most: walk.tree.most,
    forks: walk.tree.forks(),
    equal: walk.equal.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
    isComplete: walk.isComplete,
    hasMoved: walk.hasher.hasMoved,
  };
}

type Member = {
  readonly index: number;
  readonly epochs: number;
  readonly known: number;
  readonly strategy: Strategy;
  readonly state: unknown;
  markAt(epoch: number): string;
};

/** Members that were alike before `epoch`; `stage` is where they stand in the tree. */
type Group = {
  readonly members: readonly Member[];
  readonly epoch: number;
  readonly stage: number;
  readonly isKnown: boolean;
};

/** One walk through the tree, depth first: every member is in one group at a time, so that memory is bounded by them. */
class Walk {
  readonly tree = new StageTree();
  readonly hasher: EpochHasher;
  readonly equal: (readonly number[])[] = [];
  isComplete = true;
  readonly #groups: Group[];

  constructor(settings: readonly Setting[], stepsPerEpoch: number, mostWork: number) {
    this.hasher = new EpochHasher(stepsPerEpoch, mostWork);
    const members = settings.map((setting, index) => toMember(setting, index, stepsPerEpoch));
    this.#groups = [{ members, epoch: 0, stage: this.tree.root, isKnown: true }];
  }

  run(): void {
    for (let group = this.#groups.pop(); group !== undefined; group = this.#groups.pop())
      this.#follow(group);
  }

  /** Goes along a stage to where its members part, finish, or cannot be foreseen any further. */
  #follow({ members: all, epoch: from, stage, isKnown }: Group): void {
    let members = all;
    for (let epoch = from; ; epoch += 1) {
      members = this.#dismiss(members, epoch);
      const [first] = members;
      if (first === undefined) return this.tree.end(stage, epoch);
      if (members.length === 1) return this.#endAlone(first, stage, isKnown);
      const classes = this.#partition(members, epoch, isKnown);
      if (this.hasher.isExhausted) return this.#giveUp(members, epoch, stage, isKnown);
      if (classes.size === 1 && isKnown === epoch < first.known) continue;
      if (classes.size === 1 && !isKnown) continue;
      this.tree.end(stage, epoch);
      for (const same of classes.values()) this.#fork(same, epoch, stage, isKnown);
      return;
    }
  }

  /** The members that train on; the others have finished, and those among them with the same length are equal. */
  #dismiss(members: readonly Member[], epoch: number): readonly Member[] {
    const done = members.filter(({ epochs }) => epochs === epoch);
    if (done.length === 0) return members;
    if (done.length > 1) this.equal.push(done.map(({ index }) => index));
    return members.filter(({ epochs }) => epochs > epoch);
  }

  #partition(
    members: readonly Member[],
    epoch: number,
    isKnown: boolean,
  ): ReadonlyMap<number | string, readonly Member[]> {
    const classes = new Map<number | string, Member[]>();
    this.hasher.count(members.length);
    for (const member of members) {
      const { strategy, state, known } = member;
      const key =
        isKnown && epoch < known ? this.hasher.hash(strategy, state, epoch) : member.markAt(epoch);
      const same = classes.get(key);
      if (same === undefined) classes.set(key, [member]);
      else same.push(member);
    }
    return classes;
  }

  #fork(members: readonly Member[], epoch: number, stage: number, wasKnown: boolean): void {
    const isKnown = wasKnown && members.every(({ known }) => epoch < known);
    if (wasKnown && !isKnown) this.tree.leaveUnknown(stage, longest(members));
    const next = this.tree.add(stage, epoch, isKnown);
    this.#groups.push({ members, epoch: epoch + 1, stage: next, isKnown });
  }

  #endAlone(member: Member, stage: number, isKnown: boolean): void {
    const end = isKnown ? member.known : member.epochs;
    this.tree.end(stage, end);
    if (end === member.epochs) return;
    this.tree.leaveUnknown(stage, member.epochs);
    this.tree.end(this.tree.add(stage, end, false), member.epochs);
  }

  #giveUp(members: readonly Member[], epoch: number, stage: number, isKnown: boolean): void {
    this.isComplete = false;
    this.tree.end(stage, epoch);
    if (isKnown) this.tree.leaveUnknown(stage, longest(members));
    for (const { epochs } of members) this.tree.end(this.tree.add(stage, epoch, false), epochs);
  }
}

function toMember(setting: Setting, index: number, stepsPerEpoch: number): Member {
  const { spec, epochs } = setting;
  if (isOwn(spec.strategy)) return toUnknown(index, epochs);
  const strategy = createStrategy(spec);
  const state = strategy.start({ stepsPerEpoch, epochs });
  const reach = isPlateau(spec)
    ? toPlateauReach(setting, stepsPerEpoch)
    : { known: epochs, markAt: () => '' };
  return { index, epochs, strategy, state, ...reach };
}

/** Of a strategy of one's own, whose code is not at hand, nothing is known: it may go with any, and need go with none. */
function toUnknown(index: number, epochs: number): Member {
  const strategy = createStrategy({ strategy: 'fixed', lr: 1 });
  return { index, epochs, strategy, state: null, known: 0, markAt: () => `own ${index}` };
}

function longest(members: readonly Member[]): number {
  return members.reduce((most, { epochs }) => Math.max(most, epochs), 0);
}
