// Text from outside, made safe to show: trial messages, metric names, host names, log lines.
// Promise: nothing that a terminal could take for a command is left. One line or several, or with every position kept.

const ESC = '\u001B';
const BEL = '\u0007';
const TERMINATOR = `(?:${BEL}|${ESC}\\\\|\\u009C)`;

/** ECMA-48: control strings with their end, control sequences, and the two-character escapes. */
const ESCAPES = new RegExp(
  [
    `(?:${ESC}[\\]PX^_]|[\\u009D\\u0090\\u0098\\u009E\\u009F])[^${ESC}${BEL}\\u009C]*${TERMINATOR}`,
    `(?:${ESC}\\[|\\u009B)[0-?]*[ -/]*[@-~]`,
    `${ESC}[ -/]*[0-~]`,
  ].join('|'),
  'gu',
);

const ASCII = /^[\x20-\x7e]*$/;

/** One line: escape sequences, control characters and invisible formatting are gone, every run of white space is one space. */
export function toPlainLine(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .normalize('NFC')
    .replaceAll(ESCAPES, '')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/\p{C}|\p{Variation_Selector}/gu, '');
}

/** As many lines as it has: line feeds, tabs and spaces stay; escape sequences, control characters and invisible formatting go. */
export function toPlainLines(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replaceAll(ESCAPES, '').replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
}

/**
 * One line on which every character keeps its place, so that a caret below still points at it: white space becomes a space,
 * what is invisible becomes U+FFFD. At most `most` characters, the last of them an ellipsis where something is missing.
 */
export function toPlainPlaces(text: string, most = 200): string {
  const plain = text.replaceAll(/\s/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\u{FFFD}');
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}
