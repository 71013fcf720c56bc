// Names of things. People type them, so they are made of words and numbers that mean something:
// sweep `digits-lr`, its 7th trial `digits-lr/7`, the stage that trial 7 leads from epoch 12 on `digits-lr/7@12`.
// Promise: on the path of a trial no two stages have the same id.

/** The first free sweep id for a name: the name itself, then `name-2`, `name-3`, … */
export function nextSweepId(name: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(name)) return name;
  let n = 2;
  while (isTaken(`${name}-${n}`)) n += 1;
  return `${name}-${n}`;
}

/** The id of the `number`th trial of a sweep, counted from 1. */
export function toTrialId(sweepId: string, number: number): string {
  return `${sweepId}/${number}`;
}

/** The id of the stage that a family begins with, by its lowest member: `digits/1+@0`, or `digits/1@0` for one trial alone. */
export function toRootId(smallestMember: string, members: number): string {
  return `${smallestMember}${members > 1 ? '+' : ''}@0`;
}

/**
 * The id of a child that a stage forks into at `epoch`, by its lowest member: `digits/7@12`. Agent and coordinator both make it. A
 * child that would have its parent's id belongs to the next generation, as do all behind it: `digits/7@12.2`.
 */
export function toChildId(parentId: string, smallestMember: string, epoch: number): string {
  const generation = generationOf(parentId);
  const id = toStageId(smallestMember, epoch, generation);
  return id === parentId ? toStageId(smallestMember, epoch, generation + 1) : id;
}

/** The id of a stage that trials go on in by themselves, after they were paused or have failed: of the next generation. */
export function toSplitId(stageId: string, smallestMember: string, epoch: number): string {
  return toStageId(smallestMember, epoch, generationOf(stageId) + 1);
}

function toStageId(member: string, epoch: number, generation: number): string {
  return `${member}@${epoch}${generation > 1 ? `.${generation}` : ''}`;
}

function generationOf(stageId: string): number {
  return Number(/@\d+\.(\d+)$/.exec(stageId)?.[1] ?? 1);
}
