// Labels as they can be shown: cut to a width, with nothing in them that a terminal could take for a command.

const ELLIPSIS = '…';

/** Characters that take two cells: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u;
const NO_WIDTH = /\p{M}/u;

/** One line without control characters, invisible formatting and lone surrogates. */
export function toPlain(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').replaceAll(/[\p{C}\u2028\u2029]/gu, '');
}

/** The cells that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

/** A text in at most `width` cells; the last one is an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += cellsOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return width > 0 ? kept + ELLIPSIS : '';
}

function cellsOf(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
