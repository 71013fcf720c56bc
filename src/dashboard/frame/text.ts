// Text as a terminal shows it: how many columns it takes, cut and padded to fit.
// Promise: `cut` never exceeds its width.

import stringWidth from 'string-width';

// Printable ASCII, box drawing, blocks, braille and our own signs take one column each; asking string-width costs a hundred
// times as much.
const NARROW = /^[\x20-\x7e\u2500-\u259f\u2800-\u28ff°±·×–…‖↑↓↻∞⊘⊖▸▴▾●○◐◌◍✓✗]*$/;

const graphemes = new Intl.Segmenter();

/** True if `text` is one character as people count them. */
export function isCharacter(text: string): boolean {
  const [first] = graphemes.segment(text);
  return first !== undefined && first.segment === text;
}

/** `text` without its last character as people count them. */
export function withoutLast(text: string): string {
  return text.slice(0, Array.from(graphemes.segment(text)).at(-1)?.index ?? 0);
}

/** Columns that `text` takes. */
export function widthOf(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The beginning of `text` that fits into `width` columns, with an ellipsis if something is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  if (NARROW.test(text)) return `${text.slice(0, width - 1)}…`;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += widthOf(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `text` cut or filled with spaces to exactly `width` columns. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** `text` broken at spaces into lines of at most `width` columns; a longer word is broken where it must be. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const parts = [''];
  for (const { segment } of graphemes.segment(word)) {
    const last = parts.at(-1) ?? '';
    if (widthOf(last + segment) <= width) parts[parts.length - 1] = last + segment;
    else parts.push(segment);
  }
  return parts.filter((part) => widthOf(part) <= width);
}
