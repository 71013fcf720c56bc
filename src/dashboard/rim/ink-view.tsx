// The rim: lines on the screen and keys from the terminal, through Ink.
// Promise: memory stays level however many frames are drawn. Ink caches the measure of every text that it lays out, for
// good; so it lays out a text of blanks, the same for all frames of a size, and a transform puts the lines in its place.

import { render, Transform, useInput, type Key } from 'ink';
import type { ReactElement } from 'react';
import { toKeys } from './keys.ts';
import type { Screen } from './screen.ts';

/** A mounted view. */
export type View = {
  /** Shows these lines; they must fit. */
  readonly draw: (lines: readonly string[]) => void;
  /** Gives the keyboard back. */
  readonly unmount: () => void;
};

/** Mounts Ink between a keyboard and a screen. */
export function mountView(
  stdin: NodeJS.ReadStream,
  screen: Screen,
  onKey: (key: string) => void,
): View {
  const onInput = (input: string, key: Key): void => {
    for (const name of toKeys(input, key)) onKey(name);
  };
  const instance = render(<Lines lines={[]} onInput={onInput} />, {
    stdin,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Ink asks only for writing and columns, which it has
    stdout: screen as unknown as NodeJS.WriteStream,
    // Each frame arrives whole and at once, which the screen relies on; the pace is set before Ink, not in it.
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  return {
    draw: (lines) => instance.rerender(<Lines lines={lines} onInput={onInput} />),
    unmount: () => instance.unmount(),
  };
}

type LinesProps = {
  readonly lines: readonly string[];
  readonly onInput: (input: string, key: Key) => void;
};

function Lines({ lines, onInput }: LinesProps): ReactElement {
  useInput(onInput);
  const blanks = Array.from(lines, () => ' ').join('\n');
  return <Transform transform={(_blank, row) => lines[row] ?? ''}>{blanks}</Transform>;
}
