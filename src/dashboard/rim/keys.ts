// Ink's keys turned into the dashboard's: one string for each.
// Promise: keys that arrive in one piece, typed fast, held down or pasted, come apart again in their order.

import type { Key } from 'ink';

const NAMED: readonly (readonly [flag: keyof Key, name: string])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'backspace'],
];

const CONTROL: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007F': 'backspace',
  '\u0003': 'ctrl-c',
  '\u000C': 'ctrl-l',
  '\u001A': 'ctrl-z',
};

/** The keys of one input event; none for a key that means nothing here. */
export function toKeys(input: string, key: Key): readonly string[] {
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag] === true);
  if (named !== undefined) return [named[1]];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  if (key.meta) return [];
  return Array.from(input, (character) =>
    Object.hasOwn(CONTROL, character) ? (CONTROL[character] ?? '') : character,
  );
}
