// Something wrong at a place in the text of a sweep file, before it is shown to anybody.
// Promise: lines and columns count from 1, columns in UTF-16 units.

import { LineCounter } from 'yaml';

/** Keys and indices that lead from the root of the data to a value. */
export type Path = readonly PropertyKey[];

/** Something wrong at a place in the text; lines and columns count from 1. */
export type Flaw = {
  readonly line: number;
  readonly column: number;
  readonly path: Path;
  readonly message: string;
};

/** Makes a flaw at an offset of the text. */
export type FlawMaker = (offset: number, message: string, path?: Path) => Flaw;

/** The maker of flaws in a text. */
export function flawMaker(text: string): FlawMaker {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return (offset, message, path = []) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, path, message };
  };
}
