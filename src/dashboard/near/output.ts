// What a trial writes, as lines that a terminal can be shown.
// Promise: no control sequence is left, a carriage return begins its line anew as it would on a terminal, a character that is
// spread over two pieces comes out whole, and at most some thousand lines are kept.

import { toPlainLines } from '../../domain/plain-text.ts';
import type { OutputView } from '../../wire/generated/espalier/v1/sweep.ts';
import type { Output } from '../model.ts';

const LINES_MOST = 2_000;
const LINE_MOST = 2_000;

/** `output` with more pieces at its end. */
export function addOutput(output: Output, pieces: readonly OutputView[]): Output {
  return pieces.reduce(addPiece, output);
}

// Bytes are kept as Latin-1 text until their line is whole, so that none of UTF-8 is taken apart.
function addPiece({ lines, open, from }: Output, piece: OutputView): Output {
  const source = `${piece.stageId} ${piece.attempt}`;
  const isOther = from !== '' && from !== source;
  const text = (isOther ? '' : open) + toLatin1(piece.data);
  const parts = text.split('\n');
  const rest = parts.pop() ?? '';
  const notes = [
    ...(isOther && open !== '' ? [toShown(open)] : []),
    ...(isOther ? [`--- attempt ${piece.attempt} of ${source.split(' ')[0] ?? ''}`] : []),
    ...(piece.droppedBytes > 0 ? [`--- ${piece.droppedBytes} bytes left out`] : []),
  ];
  const all = [...lines, ...notes, ...parts.map(toShown)];
  return { lines: all.slice(-LINES_MOST), open: rest.slice(-LINE_MOST), from: source };
}

/** The line that is not whole yet, as it stands. */
export function openLine({ open }: Output): string {
  return toShown(open);
}

function toLatin1(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at < data.length; at += 8192) {
    text += String.fromCodePoint(...data.subarray(at, at + 8192));
  }
  return text;
}

function toShown(latin1: string): string {
  const bytes = Uint8Array.from(latin1, (character) => character.codePointAt(0) ?? 0);
  const text = new TextDecoder().decode(bytes);
  const written = text.trimEnd().split('\r').at(-1) ?? '';
  return toPlainLines(written.slice(0, LINE_MOST)).replaceAll('\t', '  ');
}
