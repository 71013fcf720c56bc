// All keys, those of the pane in front first.

import { PANES } from '../panes.ts';
import type { KeyHint, Pane } from '../pane.ts';
import { justify, span, type Line } from './line.ts';
import { fit } from './text.ts';

const HALF = 40;

/** Keys that work in every pane. */
export const GLOBAL_KEYS: readonly KeyHint[] = [
  ['Tab', 'panes'],
  ['?', 'help'],
  ['q', 'quit'],
];

const MORE_KEYS: readonly KeyHint[] = [
  ['Tab, 1–9', 'panes'],
  ['↑ ↓ or j k', 'move'],
  ['PgUp PgDn g G', 'move further'],
  ['Enter, → or l', 'open'],
  ['Esc, ← or h', 'back'],
  ['/', 'words, or lr>0.01'],
  ['#', 'go to a trial'],
  ['a', 'all sweeps'],
  ['Ctrl-L', 'draw anew'],
  ['Ctrl-Z', 'suspend until fg'],
  ['q', 'quit the view only'],
  ['?', 'this help'],
];

/** The help in as many lines as it takes: in two columns where `columns` are enough for them. */
export function helpLines(current: Pane, columns: number): readonly Line[] {
  const panes = [current, ...PANES.filter(({ id }) => id !== current.id)];
  const sections = [
    section('Everywhere', MORE_KEYS),
    ...panes.map(({ title, keys }) => section(title, keys)),
  ];
  if (columns < 2 * HALF) return sections.flat();
  const [left, right] = shareOut(sections);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) =>
    justify(left[row] ?? [], [], HALF).concat(right[row] ?? []),
  );
}

// Each section goes to the shorter column.
function shareOut(sections: readonly (readonly Line[])[]): readonly [Line[], Line[]] {
  const [left, right]: [Line[], Line[]] = [[], []];
  for (const lines of sections) (left.length <= right.length ? left : right).push(...lines);
  return [left, right];
}

function section(title: string, keys: readonly KeyHint[]): readonly Line[] {
  return [
    [span(` ${title}`, 'strong')],
    ...keys.map(([key, does]): Line => [span(`   ${fit(key, 15)}`, 'live'), span(does)]),
  ];
}
