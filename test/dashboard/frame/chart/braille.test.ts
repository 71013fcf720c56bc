import { expect, test } from 'vitest';
import { BrailleCanvas, brailleCharacter } from '../../../../src/dashboard/frame/chart/braille.ts';

function drawn(canvas: BrailleCanvas): readonly string[] {
  return Array.from({ length: canvas.rows }, (_, row) =>
    Array.from({ length: canvas.columns }, (_cell, column) =>
      brailleCharacter(canvas.cell(column, row)),
    ).join(''),
  );
}

test('each of the eight dots of a character has its place', () => {
  const signs = [0, 1].flatMap((x) =>
    [0, 1, 2, 3].map((y) => {
      const canvas = new BrailleCanvas(1, 1);
      canvas.dot(x, y);
      return drawn(canvas)[0];
    }),
  );
  expect(signs).toEqual(['⠁', '⠂', '⠄', '⡀', '⠈', '⠐', '⠠', '⢀']);
});

test('a falling line goes from corner to corner', () => {
  const canvas = new BrailleCanvas(4, 2);
  canvas.line(0, 0, 7, 7);
  expect(drawn(canvas)).toEqual(['⠑⢄  ', '  ⠑⢄']);
});

test('a dotted line leaves out every second character', () => {
  const canvas = new BrailleCanvas(4, 1);
  canvas.line(0, 0, 7, 0, true);
  expect(drawn(canvas)).toEqual(['⠉ ⠉ ']);
});

test('dots outside are ignored', () => {
  const canvas = new BrailleCanvas(1, 1);
  for (const [x, y] of [
    [-1, 0],
    [0, -1],
    [2, 0],
    [0, 4],
  ] as const)
    canvas.dot(x, y);
  expect(drawn(canvas)).toEqual([' ']);
});
