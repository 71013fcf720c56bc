// What comes in front of a pane: texts, questions whose answer is typed, the list of sweeps; and who may not steer.

import { describe, expect, test } from 'vitest';
import { frame } from '../../src/dashboard/frame/frame.ts';
import { showText } from '../../src/dashboard/front/text.ts';
import { PANES } from '../../src/dashboard/panes.ts';
import { after, asked, blank, typed } from './after.ts';
import { busySweep, sweepView, watchResponse } from './sample.ts';
import { worksSweep } from './sample-panes.ts';

const works = after(blank(), worksSweep());

describe('a text', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  const long = showText(works, 'Why', lines).model;
  const top = (...keys: readonly string[]): string => frame(after(long, ...keys))[2]?.trim() ?? '';

  test('scrolls as far as it goes, and any other key closes it', () => {
    expect([top(), top('j', 'j', 'j'), top('k'), top('G')]).toEqual([
      'Why',
      'line 1',
      'Why',
      'line 20',
    ]);
    expect(after(long, 'q').overlay.kind).toBe('none');
  });

  test('goes on behind its first tab or its spaces where a line is too long', () => {
    const tabbed = `09:05:23\t${'parted '.repeat(14)}`;
    const model = showText(works, 'Why', [tabbed, `    ${'deep '.repeat(18)}`]).model;
    const shown = frame(model)
      .slice(4, 8)
      .map((line) => /^ *\S+/u.exec(line)?.[0]);
    expect(shown).toEqual([' 09:05:23', '           parted', '     deep', '     deep']);
  });

  test('that fits is closed by every key, also one that would scroll', () => {
    expect(after(showText(works, 'Why', ['short']).model, 'j').overlay.kind).toBe('none');
  });

  test('goes on as far indented where it is broken, and holds no control sequence', () => {
    const shown = showText(works, 'Why', [`  ${'word '.repeat(30)}`, '\u001B[31mred']).model;
    const screen = frame(shown);
    expect(screen[4]).toMatch(/^ {3}word/);
    expect(screen[5]).toMatch(/^ {3}word/);
    expect(screen[6]).toBe(' red');
  });
});

describe('a number that is typed', () => {
  test('opens the trial, from any pane', () => {
    const there = after(works, '5', '#', ...typed('12'), 'enter');
    expect([there.pane, there.scope.trialId, there.overlay.kind]).toEqual(['trial', 't12', 'none']);
  });

  test('of no trial says so, Backspace takes back, and Esc leaves', () => {
    expect(after(works, '#', ...typed('99'), 'enter').notice).toBe('there is no trial #99');
    expect(after(works, '#', ...typed('12'), 'backspace', 'enter').scope.trialId).toBe('t1');
    const left = after(works, '#', ...typed('12'), 'escape');
    expect([left.overlay.kind, left.scope.trialId]).toEqual(['none', '']);
  });
});

describe('several sweeps', () => {
  const sweeps = ['s1', 's2', 's3'].map((sweepId) => sweepView({ sweepId, name: `n${sweepId}` }));
  const several = after(blank(), watchResponse({ ...busySweep(), sweeps }));

  test('a lists them, and Enter turns to the chosen one without what was typed for the other', () => {
    const turned = after(several, '/', ...typed('cos'), 'enter', 'a', 'j', 'j', 'enter');
    expect([turned.sweepId, turned.filter, turned.rows.length]).toEqual(['s3', '', 0]);
  });

  test('Esc stays where it was', () => {
    expect(after(several, 'a', 'j', 'escape').sweepId).toBe('s1');
  });
});

describe('who may only read', () => {
  const reader = { ...works, mayOnlyRead: true };
  const keys = ['p', 'c', 'r', 'd', 'n', '+', '-'];

  test('asks the coordinator for nothing, in no pane, and is told why', () => {
    for (const [index, { keys: own }] of PANES.entries()) {
      const offered = own.flatMap(([key]) => key.split(' ')).filter((key) => keys.includes(key));
      for (const key of offered) {
        const before = after(reader, 'b', String(index + 1));
        const pressed = after(before, key);
        expect([key, pressed.overlay.kind]).toEqual([key, 'none']);
        expect(asked(before, key, 'y')).toEqual([]);
        expect(pressed.notice, `${key} in pane ${index + 1}`).not.toBe('');
      }
    }
    expect(after(reader, 'c').notice).toBe(
      'this certificate may only read: steering needs one of an operator',
    );
  });

  test('is not offered the keys', () => {
    expect(frame(reader).at(-1)).not.toContain('p pause');
    expect(frame(works).at(-1)).toContain('p pause');
  });
});
