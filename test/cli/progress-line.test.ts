// The line of progress: written over on a terminal, absent in a pipe.

import { expect, onTestFinished, test, vi } from 'vitest';
import { ProgressLine } from '../../src/cli/progress-line.ts';

/** What is written to standard error while `body` shows progress. */
function written(isTTY: boolean, body: (line: ProgressLine) => void): string {
  const { stderr } = process;
  const before = { isTTY: stderr.isTTY, columns: stderr.columns };
  Object.assign(stderr, { isTTY, columns: 12 });
  vi.stubEnv('TERM', 'xterm');
  const texts: string[] = [];
  const write = vi.spyOn(stderr, 'write').mockImplementation((text) => {
    texts.push(String(text));
    return true;
  });
  onTestFinished(() => {
    write.mockRestore();
    vi.unstubAllEnvs();
    Object.assign(stderr, before);
  });
  body(new ProgressLine());
  return texts.join('');
}

test('on a terminal it is cut to its width, holds no escape, and is gone in the end', () => {
  const text = written(true, (line) => {
    line.show('one \u001B[31mtwo three four');
    line.clear();
    line.clear();
  });
  expect(text).toBe('\r\u001B[2Kone two thr\r\u001B[2K');
});

test('it is not written more often than an eye can follow', () => {
  const text = written(true, (line) => {
    for (let i = 0; i < 1000; i += 1) line.show(`${i}`);
  });
  expect(text.split('\r').length).toBeLessThan(100);
});

test('a pipe gets none of it', () => {
  const text = written(false, (line) => {
    line.show('half');
    line.clear();
  });
  expect(text).toBe('');
});
