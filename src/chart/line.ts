// A line of a frame: pieces of text, each with its tone, and the colours that tones have in a terminal.
// Promise: without colour a line is its text alone; with colour every piece ends with a reset.

/** `plain`, `dim` for what frames the curves, or the index of the series that a text belongs to. */
export type Tone = 'plain' | 'dim' | number;

/** A piece of a line. */
export type Piece = { readonly text: string; readonly tone: Tone };

/** Sixteen-colour codes (cyan, yellow, magenta, green, blue, red), which terminals show in the shades of their own theme. */
const COLOURS = [36, 33, 35, 32, 34, 31];

/** A line as it is printed, without blanks at its end. */
export function toText(pieces: readonly Piece[], color: boolean): string {
  const joined = joinPieces(pieces);
  if (!color)
    return joined
      .map(({ text }) => text)
      .join('')
      .trimEnd();
  const last = joined.findLastIndex(({ text }) => text.trim() !== '');
  const kept = joined.slice(0, last + 1);
  return kept.map(({ text, tone }, i) => paint(i === last ? text.trimEnd() : text, tone)).join('');
}

function joinPieces(pieces: readonly Piece[]): readonly Piece[] {
  const joined: { text: string; tone: Tone }[] = [];
  for (const { text, tone } of pieces) {
    const before = joined.at(-1);
    if (before?.tone === tone) before.text += text;
    else joined.push({ text, tone });
  }
  return joined;
}

function paint(text: string, tone: Tone): string {
  if (tone === 'plain' || text.trim() === '') return text;
  const code = tone === 'dim' ? 2 : COLOURS[tone % COLOURS.length];
  return `\u001B[${code}m${text}\u001B[0m`;
}
