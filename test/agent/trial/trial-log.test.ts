import { appendFileSync, fstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { LogLimits } from '../../../agent/core/log-budget.ts';
import { TrialLog } from '../../../agent/trial/trial-log.ts';
import type { LogChunk } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { poll } from '../support/poll.ts';

function setUp(limits?: LogLimits) {
  const path = join(temporaryFolder(), 'trial.log');
  const log = new TrialLog(path, limits);
  onTestFinished(() => log.close());
  const chunks: LogChunk[] = [];
  const begin = (): void => log.begin((chunk) => chunks.push(chunk));
  const write = (text: string): void => appendFileSync(path, text);
  const text = (): string => Buffer.concat(chunks.map(({ data }) => data)).toString();
  return { path, log, chunks, begin, write, text };
}

test('what is written arrives while the trial runs', async () => {
  const { begin, write, text } = setUp();
  begin();
  write('hello\n');
  await poll('the line', () => text() === 'hello\n');
});

test('each attempt has the bytes that were written while it ran, counted from its own start', () => {
  const { log, chunks, begin, write } = setUp();
  begin();
  write('first\n');
  log.end();
  write('between\n');
  begin();
  write('second\n');
  log.end();
  expect(chunks.map(({ offsetBytes, data }) => [offsetBytes, data.toString()])).toEqual([
    [0, 'first\n'],
    [0, 'second\n'],
  ]);
});

test('a log that begins twice looks at its file once, and no more after its end', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { log, begin } = setUp();
  begin();
  begin();
  expect(vi.getTimerCount()).toBe(1);
  log.end();
  expect(vi.getTimerCount()).toBe(0);
});

test('chunks are at most 64 KiB and follow one another', () => {
  const { log, chunks, begin, write } = setUp();
  begin();
  write('x'.repeat(150_000));
  log.end();
  expect(chunks.map(({ offsetBytes, data }) => [offsetBytes, data.length])).toEqual([
    [0, 65_536],
    [65_536, 65_536],
    [131_072, 18_928],
  ]);
});

test('what is too much is left out and marked, and the newest bytes are kept', () => {
  const { log, chunks, begin, write, text } = setUp({ bytesPerSecond: 10, totalBytes: 100 });
  begin();
  write(`${'x'.repeat(90)}the newest`);
  log.end();
  expect(text()).toBe('the newest');
  expect(chunks[0]).toMatchObject({ offsetBytes: 90, droppedBytes: 90 });
});

test('when the total is used up, a last mark says how much was left out', () => {
  const { log, chunks, begin, write } = setUp({ bytesPerSecond: 1000, totalBytes: 4 });
  begin();
  write('abcdefgh');
  log.end();
  expect(chunks.map(({ data, droppedBytes }) => [data.toString(), droppedBytes])).toEqual([
    ['efgh', 4],
  ]);
  begin();
  log.end();
  expect(chunks.length).toBe(1);
});

test('the tail is the last lines of this attempt', () => {
  const { log, begin, write } = setUp();
  write('before\n');
  begin();
  expect(log.tail()).toBe('');
  write(Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join(''));
  expect(log.tail(2)).toBe('line 28\nline 29');
  expect(log.tail().split('\n').length).toBe(20);
});

test('a file that has grown too long starts anew, and what comes later still arrives', () => {
  const { path, log, begin, write, text } = setUp();
  begin();
  const megabytes = 'x'.repeat(1024 * 1024);
  for (let count = 0; count <= 64; count += 1) write(megabytes);
  log.end();
  expect(statSync(path).size).toBe(0);
  begin();
  write('after');
  log.end();
  expect(text().endsWith('after')).toBe(true);
});

test('a closed log frees its descriptor, keeps its tail and reads no more', () => {
  const { log, begin, write, text } = setUp();
  begin();
  write('last words\n');
  log.close();
  log.close();
  write('too late\n');
  expect([text(), log.tail()]).toEqual(['last words\n', 'last words']);
  expect(() => fstatSync(log.descriptor)).toThrow('EBADF');
});
