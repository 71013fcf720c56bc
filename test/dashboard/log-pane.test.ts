// What has happened, and how it is read.

import { expect, test } from 'vitest';
import { frame } from '../../src/dashboard/frame/frame.ts';
import { toAnsi } from '../../src/dashboard/frame/line.ts';
import { formatClock } from '../../src/dashboard/log/clock.ts';
import { countLines, factLines, tailOf } from '../../src/dashboard/log/log-lines.ts';
import { after, blank } from './after.ts';
import { sweepView, watchResponse } from './sample.ts';
import { NOW_MS } from './sample-panes.ts';

const fact = (at: number, fields = {}): ReturnType<typeof watchResponse>['facts'][number] => ({
  atMs: NOW_MS + at * 1000,
  sweepId: 's1',
  trialId: '',
  tone: 'plain',
  words: `fact ${at}`,
  ...fields,
});

const happened = (from: number, count: number): ReturnType<typeof watchResponse> =>
  watchResponse({
    complete: from === 0,
    sweeps: [sweepView()],
    facts: Array.from({ length: count }, (_, at) => fact(from + at)),
    nowMs: NOW_MS,
  });

test('the log follows what happens, until somebody scrolls up; then it stays, and G follows again', () => {
  const log = after(blank(), happened(0, 100), '7');
  const bottom = (model: typeof log): string => frame(model).at(-2)?.trim() ?? '';
  expect(bottom(log)).toContain('fact 99');
  expect(bottom(after(log, happened(100, 3)))).toContain('fact 102');
  const read = after(log, 'k', 'k');
  expect(bottom(read)).toContain('fact 97');
  expect(bottom(after(read, happened(100, 3)))).toContain('fact 97');
  expect(bottom(after(read, happened(100, 3), 'G'))).toContain('fact 102');
  expect(frame(after(read, 'g'))[2]).toContain('fact 0');
});

test('facts of another sweep are left out, those of agents are not', () => {
  const facts = [
    fact(1, { sweepId: 's2', words: 'of another' }),
    fact(2, { sweepId: '', words: 'agent atlas lost' }),
  ];
  const log = after(blank(), watchResponse({ sweeps: [sweepView()], facts }), '7');
  const screen = frame(log).join('\n');
  expect(screen).toContain('agent atlas lost');
  expect(screen).not.toContain('of another');
});

test('times are by the clock of whoever looks', () => {
  const log = after({ ...blank(), zoneMs: 2 * 3_600_000 }, happened(0, 1), '7');
  expect(frame(log)[2]).toMatch(/^ 15:05:00 · fact 0/);
  expect([formatClock(0), formatClock(-1), formatClock(Number.NaN)]).toEqual([
    '00:00:00',
    '23:59:59',
    '--:--:--',
  ]);
});

test('long words go on below each other, and all lines are counted', () => {
  const long = fact(0, { words: 'word '.repeat(40).trim(), tone: 'bad' });
  const lines = factLines(long, 0, 60).map((line) => toAnsi(line, 'none'));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines[0]).toMatch(/^ 13:05:00 ✗ word/);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {12}word/);
  expect(countLines([long, long], (entry) => factLines(entry, 0, 60))).toBe(2 * lines.length);
});

test('of a long log only what is shown is made', () => {
  let made = 0;
  const entries = Array.from({ length: 5000 }, (_, at) => at);
  const lines = tailOf(
    entries,
    (at) => {
      made += 1;
      return [[{ text: String(at), tone: 'plain' }]];
    },
    20,
    5,
  );
  expect(lines.map(([first]) => first?.text)).toEqual(
    Array.from({ length: 20 }, (_, at) => String(4975 + at)),
  );
  expect(made).toBe(25);
});
