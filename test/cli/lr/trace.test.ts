// `espalier lr trace`: a line of JSON in, a line of JSON out.

import { Readable, Writable } from 'node:stream';

import { Command } from 'commander';
import { describe, expect, test } from 'vitest';

import { addLrCommands } from '../../../src/cli/lr.ts';
import { traceLine, traceStream } from '../../../src/cli/lr/trace.ts';

function ask(request: unknown): unknown {
  return JSON.parse(traceLine(JSON.stringify(request)));
}

const FIXED = { learning_rate: { strategy: 'fixed', lr: 0.1 }, epochs: 2, steps_per_epoch: 2 };
const PLATEAU = {
  learning_rate: { strategy: 'plateau', lr: 1, factor: 0.5, patience: 1 },
  epochs: 4,
  steps_per_epoch: 1,
  objective: { metric: 'val_loss', mode: 'min' },
};

describe('a good line', () => {
  test('is answered with a value for every step', () => {
    expect(traceLine(JSON.stringify(FIXED))).toBe('{"lr":[0.1,0.1,0.1,0.1]}');
  });

  test('is answered with momentum where the strategy moves it', () => {
    const learning_rate = {
      strategy: 'cyclic',
      base_lr: 1,
      max_lr: 2,
      step_size: '1 epochs',
      base_momentum: 0.5,
      max_momentum: 0.75,
    };
    expect(ask({ ...FIXED, learning_rate })).toEqual({
      lr: [1, 1.5, 2, 1.5],
      momentum: [0.75, 0.625, 0.5, 0.625],
    });
  });

  test('brings metrics of past epochs to a plateau', () => {
    const metrics = [{ val_loss: 1 }, { val_loss: 1 }, { val_loss: 1, other: 3 }];
    expect(ask({ ...PLATEAU, metrics })).toEqual({ lr: [1, 1, 0.5, 0.25] });
  });

  test('names the numbers that JSON lacks, and null is a metric that was not reported', () => {
    const metrics = [{ val_loss: 'NaN' }, { val_loss: null }, { val_loss: '-Infinity' }];
    expect(ask({ ...PLATEAU, metrics })).toEqual({ lr: [1, 0.5, 0.5, 0.25] });
    const learning_rate = { strategy: 'step', lr: 1, step_size: 1, gamma: 1e300 };
    expect(ask({ ...FIXED, epochs: 3, steps_per_epoch: 1, learning_rate })).toEqual({
      lr: [1, 1e300, 'Infinity'],
    });
  });

  test('may have fewer metrics than epochs', () => {
    expect(ask(PLATEAU)).toEqual({ lr: [1, 1, 1, 1] });
    expect(ask({ ...PLATEAU, metrics: [null, {}] })).toEqual({ lr: [1, 1, 1, 1] });
  });
});

describe('a bad line is answered with the field, the value and the rule', () => {
  test.each<[unknown, string]>([
    [[1], 'line: received [1]; it must be a JSON object'],
    [{ ...FIXED, epochs: 0 }, 'epochs: received 0; it must be a whole number'],
    [{ ...FIXED, epochs: '3' }, 'epochs: received "3"; it must be a whole number'],
    [{ ...FIXED, steps_per_epoch: 1.5 }, 'steps_per_epoch: received 1.5; it must be'],
    [{ ...FIXED, epochs: 5e6, steps_per_epoch: 2 }, 'together they must be at most 5000000 steps'],
    [
      { ...FIXED, metric: [] },
      'metric: received [], but there is no such field; did you mean metrics?',
    ],
    [{ ...FIXED, learning_rate: 5 }, 'learning_rate.strategy: received 5; it must be a mapping'],
    [
      { ...FIXED, learning_rate: { strategy: 'fixed', lr: -1 } },
      'learning_rate.lr: received -1; it must be a finite number, above 0',
    ],
    [
      { ...FIXED, objective: { metric: 'loss' } },
      'objective: received {"metric":"loss"}; it must be',
    ],
    [{ ...FIXED, metrics: {} }, 'metrics: received {}; it must be a list'],
    [{ ...FIXED, metrics: [5] }, 'metrics[0]: received 5; it must be an object'],
    [
      { ...FIXED, metrics: [{ a: 1 }, { a: 'nan' }] },
      'metrics[1].a: received "nan"; it must be a number, "NaN"',
    ],
  ])('%j', (request, message) => {
    expect(ask(request)).toEqual({ error: expect.stringContaining(message) });
  });

  test.each(['', 'x', '{', 'null', '['.repeat(100_000)])('%s', (line) => {
    expect(JSON.parse(traceLine(line))).toEqual({
      error: expect.stringContaining('line: received'),
    });
  });
});

describe('a stream of lines', () => {
  test('is answered line by line, wherever its chunks end', async () => {
    const line = JSON.stringify({ ...FIXED, learning_rate: { strategy: 'ünknown' } });
    const bytes = Buffer.from(`${line}\n${JSON.stringify(FIXED)}`);
    const chunks = Array.from(bytes, (byte) => Buffer.from([byte]));
    const output = collect();
    await traceStream(Readable.from(chunks), output.stream);
    const [first = '', second = '', ...rest] = output.text().split('\n');
    expect(first).toContain('ünknown');
    expect(second).toBe('{"lr":[0.1,0.1,0.1,0.1]}');
    expect(rest).toEqual(['']);
  });

  test('is read no faster than its answers are', async () => {
    let read = 0;
    function* lines(): Generator<string> {
      for (; read < 1000; read += 1) yield `${JSON.stringify(FIXED)}\n`;
    }
    let release: (() => void) | undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        release = done;
      },
    });
    const ended = traceStream(Readable.from(lines(), { highWaterMark: 1 }), slow);
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    expect(read).toBeLessThan(50);
    slow.destroy(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    release?.();
    await ended;
  });

  test('ends quietly when its reader has gone', async () => {
    const gone = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' })),
    });
    const input = Readable.from([`${JSON.stringify(FIXED)}\n`]);
    await expect(traceStream(input, gone)).resolves.toBeUndefined();
  });

  test('does not hide another failure of the output', async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    });
    const input = Readable.from([`${JSON.stringify(FIXED)}\n`]);
    await expect(traceStream(input, full)).rejects.toThrow('no space');
  });
});

test('the commands are lr trace, lr plot and lr find', () => {
  const program = new Command();
  addLrCommands(program);
  const [lr] = program.commands;
  expect(lr?.name()).toBe('lr');
  expect(lr?.commands.map((command) => command.name())).toEqual(['trace', 'plot', 'find']);
});

function collect(): { stream: Writable; text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
