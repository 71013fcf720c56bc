// The stage tree as rows: each family of trials a heading, below it its stages, a parent before its children.
// Promise: a total order that does not change while stages train. Of siblings the one that begins latest comes first, so that
// a line down to a later row never crosses the bar of another; a stage that parted before its first epoch takes no row.

import type { StageView } from '../../wire/generated/espalier/v1/sweep.ts';

/** Lines that go down through a row to siblings below it, each at the epoch where they begin; the innermost first. */
export type Rail = { readonly epoch: number; readonly outer: Rail | undefined };

/** A row for a stage. */
export type StageRow = {
  readonly kind: 'stage';
  readonly key: string;
  readonly stage: StageView;
  /** True if it goes on from a stage, or from the heading, above it. */
  readonly isJoined: boolean;
  /** True once its members have gone on in stages below it. */
  readonly hasParted: boolean;
  readonly rails: Rail | undefined;
};

/** A row, known by its key. A family of a single stage has no heading. */
export type TreeRow =
  | StageRow
  | {
      readonly kind: 'family';
      readonly key: string;
      readonly root: StageView;
      readonly stages: number;
      readonly epochsTrained: number;
    };

/** The rows of one sweep, in a few milliseconds for ten thousand stages. */
export function toTreeRows(stages: Iterable<StageView>, sweepId: string): readonly TreeRow[] {
  const shown = [...stages].filter((stage) => stage.sweepId === sweepId);
  const ids = new Set(shown.map(({ stageId }) => stageId));
  const roots: StageView[] = [];
  const childrenOf = new Map<string, StageView[]>();
  for (const stage of shown) {
    const siblings = childrenOf.get(stage.parentId);
    if (!ids.has(stage.parentId)) roots.push(stage);
    else if (siblings === undefined) childrenOf.set(stage.parentId, [stage]);
    else siblings.push(stage);
  }
  const rows: TreeRow[] = [];
  for (const root of roots.toSorted(byLeader)) pushFamily(rows, root, childrenOf);
  return rows;
}

type Children = ReadonlyMap<string, readonly StageView[]>;

function pushFamily(rows: TreeRow[], root: StageView, childrenOf: Children): void {
  const own = familyRows(root, childrenOf);
  if (own.length > 1) {
    const epochsTrained = own.reduce((sum, { stage }) => sum + stage.recordedEpochs, 0);
    const key = `family of ${root.stageId}`;
    rows.push({ kind: 'family', key, root, stages: own.length, epochsTrained });
  }
  for (const row of own) rows.push(row);
}

type Open = Pick<StageRow, 'stage' | 'isJoined' | 'rails'>;

function familyRows(root: StageView, childrenOf: Children): readonly StageRow[] {
  const rows: StageRow[] = [];
  const waiting: Open[] = [{ stage: root, isJoined: false, rails: undefined }];
  for (let open = waiting.pop(); open !== undefined; open = waiting.pop()) {
    const { stage, isJoined, rails } = open;
    const children = childrenOf.get(stage.stageId);
    const hasParted = stage.state === 'ended' && children !== undefined;
    if (!hasParted || stage.recordedEpochs > 0) {
      rows.push({ kind: 'stage', key: stage.stageId, stage, isJoined, hasParted, rails });
    }
    if (children !== undefined) pushChildren(waiting, children, rails);
  }
  return rows;
}

// From the last to the first, since what a row's lines lead to is below it, and what is pushed last is taken first.
function pushChildren(
  waiting: Open[],
  children: readonly StageView[],
  outer: Rail | undefined,
): void {
  let rails = outer;
  for (const stage of children.toSorted(byBeginning).toReversed()) {
    waiting.push({ stage, isJoined: true, rails });
    const epoch = stage.fromEpoch;
    if (rails?.epoch !== epoch) rails = { epoch, outer: rails };
  }
}

function byBeginning(a: StageView, b: StageView): number {
  return b.fromEpoch - a.fromEpoch || byLeader(a, b);
}

function byLeader(a: StageView, b: StageView): number {
  const [first = 0, second = 0] = [a.leading[0], b.leading[0]];
  if (first !== second) return first - second;
  return a.stageId < b.stageId ? -1 : Number(a.stageId > b.stageId);
}
