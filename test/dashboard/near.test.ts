// One trial from near: who is drawn behind it, what it writes, and what is asked of the coordinator for it.

import { describe, expect, test } from 'vitest';
import { NO_OUTPUT } from '../../src/dashboard/model.ts';
import { addOutput, openLine } from '../../src/dashboard/near/output.ts';
import type { OutputView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { after, blank, effectsOf } from './after.ts';
import { nearResponse } from './sample.ts';
import { seededSweep } from './sample-panes.ts';

const best = after(blank(), seededSweep(), 'b');

function behind(...keys: readonly string[]): readonly string[] {
  return after(best, ...keys).scope.beside;
}

function piece(data: string | Uint8Array, fields: Partial<OutputView> = {}): OutputView {
  return { attempt: 1, stageId: 's1/1@0', droppedBytes: 0, data: Buffer.from(data), ...fields };
}

describe('overlays', () => {
  test('x draws the other seeds of a setting behind it, then the best of the other strategies, then none', () => {
    expect(behind('x')).toEqual(['t20', 't21']);
    expect(behind('x', 'x')).toEqual(['t1', 't25', 't7']);
    expect(behind('x', 'x', 'x')).toEqual([]);
  });

  test('what is drawn behind comes with the trial, and another trial has others', () => {
    const beside = [0, 1].map((epoch) => ({ trialId: 't20', epoch, value: 1 / (epoch + 1) }));
    const seen = after(best, 'x', nearResponse('t19', { beside }));
    expect(seen.beside.get('t20')).toHaveLength(2);
    const next = after(seen, 'j');
    expect([next.scope.trialId, next.scope.beside, next.beside.size]).toEqual([
      't20',
      ['t19', 't21'],
      0,
    ]);
  });

  test('what is said of a trial that is no longer in sight is ignored', () => {
    expect(after(best, 'j', nearResponse('t19', { output: [piece('late\n')] })).output).toBe(
      NO_OUTPUT,
    );
  });
});

describe('output', () => {
  test('o asks for what the trial writes, and a second time shows what has happened', () => {
    expect(effectsOf(best, 'o')).toEqual([
      { kind: 'near', scope: { sweepId: 's1', trialId: 't19', beside: [], output: true } },
    ]);
    expect(after(best, 'o', 'o').logShows).toBe('facts');
    expect(after(best, 'o', 'escape').pane).toBe('trial');
  });

  test('a character that arrives in two pieces is whole, and a line is shown before it ends', () => {
    const bytes = Buffer.from('率\n學');
    const half = addOutput(NO_OUTPUT, [piece(bytes.subarray(0, 2))]);
    const whole = addOutput(half, [piece(bytes.subarray(2))]);
    expect([whole.lines, openLine(whole)]).toEqual([['率'], '學']);
  });

  test('a carriage return begins the line anew, and no control sequence is left', () => {
    const text = '10 %\r100 %\r\n\u001B[31mred\u001B[0m\u001B]0;title\u0007\u009B2J\tend\n';
    expect(addOutput(NO_OUTPUT, [piece(text)]).lines).toEqual(['100 %', 'red  end']);
  });

  test('another attempt and what was left out are said', () => {
    const output = addOutput(NO_OUTPUT, [
      piece('one\nhalf'),
      piece('two\n', { attempt: 2, droppedBytes: 99 }),
    ]);
    expect(output.lines).toEqual([
      'one',
      'half',
      '--- attempt 2 of s1/1@0',
      '--- 99 bytes left out',
      'two',
    ]);
  });

  test('who has scrolled up stays with what is read', () => {
    const lines = Array.from({ length: 60 }, (_, at) => `line ${at}\n`).join('');
    const read = after(best, 'o', nearResponse('t19', { output: [piece(lines)] }), 'k', 'k');
    const more = nearResponse('t19', { complete: false, output: [piece('a\nb\nc\n')] });
    expect([read.logBack, after(read, more).logBack, after(read, more, 'G').logBack]).toEqual([
      2, 5, 0,
    ]);
    expect(after(read, 'g', 'k').logBack).toBe(after(read, 'g').logBack);
  });
});
