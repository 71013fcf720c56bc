// Names of things. People type them, so they are made of words and numbers that mean something:
// sweep `digits-lr`, its 7th trial `digits-lr/7`, the stage that trial 7 leads from epoch 12 on `digits-lr/7@12`.

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

/** The id of the stage that begins at `fromEpoch` and whose member with the lowest number is `smallestMember`. */
export function toStageId(smallestMember: string, fromEpoch: number): string {
  return `${smallestMember}@${fromEpoch}`;
}
