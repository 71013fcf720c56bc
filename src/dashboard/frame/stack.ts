// Blocks of lines below each other where not all of them fit.
// Promise: never more lines than there is room for, blocks in their order, each with its least or more, or not there.

import type { Line } from './line.ts';

/**
 * Lines that belong together, of which the last may be left off. Blocks get their least, then what they want, then all of
 * their lines, those of lower rank first; one that is `spare` comes after the wants of the others.
 */
export type Block = {
  readonly lines: readonly Line[];
  readonly rank: number;
  readonly least: number;
  readonly want: number;
  readonly spare?: boolean;
  /** Stands in the place of the last line that there is room for, and says how many are not shown. */
  readonly more?: (hidden: number) => Line;
};

/** The blocks' lines in at most `rows` rows. */
export function stack(blocks: readonly Block[], rows: number): readonly Line[] {
  const byRank = blocks.toSorted((a, b) => a.rank - b.rank);
  const firm = byRank.filter(({ spare = false }) => !spare);
  const given = new Map<Block, number>();
  let left = rows;
  const raise = (block: Block, to: number): void => {
    const has = given.get(block) ?? 0;
    const gets = Math.min(to, block.lines.length, has + left);
    if (gets < Math.min(block.least, block.lines.length)) return;
    given.set(block, gets);
    left -= gets - has;
  };
  for (const block of firm) raise(block, block.least);
  for (const block of firm) if (given.has(block)) raise(block, block.want);
  for (const block of byRank) raise(block, block.lines.length);
  return blocks.flatMap((block) => shown(block, given.get(block) ?? 0));
}

function shown({ lines, more }: Block, rows: number): readonly Line[] {
  const hidden = lines.length - rows;
  if (more === undefined || hidden === 0 || rows === 0) return lines.slice(0, rows);
  return [...lines.slice(0, rows - 1), more(hidden + 1)];
}
