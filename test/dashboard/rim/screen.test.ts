import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { Screen } from '../../../src/dashboard/rim/screen.ts';
import { fakeTerminal } from '../fake-terminal.ts';

test('the first frame clears, and later ones write only the lines that changed', () => {
  const { display, stdout } = fakeTerminal(20, 4);
  const screen = new Screen(stdout);
  screen.write('one\ntwo\nthree');
  screen.write('one\n2\nthree');
  expect(display.screen).toEqual(['one', '2', 'three', '']);
  expect(display.written).toHaveLength(2);
  expect(display.written[0]).toContain('\u001B[2J');
  expect(display.written[1]).toBe('\u001B[?2026h\u001B[2;1H\u001B[2K2\u001B[?2026l');
});

test('a frame like the last one writes nothing, and neither does an empty write', () => {
  const { display, stdout } = fakeTerminal();
  const screen = new Screen(stdout);
  for (const text of ['one', 'one', '']) screen.write(text);
  expect(display.written).toHaveLength(1);
  expect(display.screen[0]).toBe('one');
});

test('lines that a shorter frame no longer has are erased', () => {
  const { display, stdout } = fakeTerminal(20, 3);
  const screen = new Screen(stdout);
  screen.write('one\ntwo');
  screen.write('one');
  expect(display.screen).toEqual(['one', '', '']);
});

test('repainting writes over what others wrote to the terminal', () => {
  const { display, stdout } = fakeTerminal(20, 2);
  const screen = new Screen(stdout);
  screen.write('one\n');
  stdout.write('\u001B[2;1Ha warning');
  screen.repaint();
  expect(display.screen).toEqual(['one', '']);
});

test('what is forgotten is written whole', () => {
  const { display, stdout } = fakeTerminal(20, 2);
  const screen = new Screen(stdout);
  screen.write('one\ntwo');
  screen.forget();
  screen.write('one\ntwo');
  expect(display.written[1]).toBe(display.written[0]);
});

test('a closed screen writes nothing', () => {
  const { display, stdout } = fakeTerminal();
  const screen = new Screen(stdout);
  screen.close();
  screen.write('one');
  screen.repaint();
  expect(display.written).toEqual([]);
});

test('a terminal that is slow misses frames, keeps none of them waiting but the last, and gets that', () => {
  const taken: string[] = [];
  const doing: (() => void)[] = [];
  const slow = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write: (chunk: string, _encoding, done) => {
      taken.push(chunk);
      doing.push(done);
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has what a screen uses of a terminal
  const screen = new Screen(slow as NodeJS.WriteStream);
  for (let frame = 0; frame < 500; frame += 1) screen.write(`frame ${frame}\n${'x'.repeat(200)}`);
  expect(taken).toHaveLength(1);
  expect(slow.writableLength).toBeLessThan(300);
  doing.shift()?.();
  expect(taken).toHaveLength(2);
  expect(taken[1]).toContain('frame 499');
});
