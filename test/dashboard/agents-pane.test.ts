// The agents: their rows, what is done from them, and what slots have trained over time.

import { describe, expect, test } from 'vitest';
import { toAnsi } from '../../src/dashboard/frame/line.ts';
import { laneBar, usedShare } from '../../src/dashboard/lanes/lane-bar.ts';
import { mergeLanes } from '../../src/dashboard/lanes/merge-lanes.ts';
import { placeShape } from '../../src/dashboard/lanes/place-line.ts';
import { timeWindow, windowText } from '../../src/dashboard/lanes/time-window.ts';
import type { AttemptView } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { after, asked, blank } from './after.ts';
import { watchResponse } from './sample.ts';
import { worksSweep } from './sample-panes.ts';

const works = after(blank(), worksSweep(), '5');

function attempt(fromMs: number, untilMs: number, fields: Partial<AttemptView> = {}): AttemptView {
  return {
    stageId: `s1/1@${fromMs}`,
    attempt: 1,
    agentId: 'a',
    slot: 'gpu-0',
    sweepId: 's1',
    number: 1,
    trials: 1,
    fromMs,
    untilMs,
    end: untilMs === 0 ? '' : 'completed',
    ...fields,
  };
}

describe('keys', () => {
  test('Enter opens what a slot trains, and says so where it trains nothing', () => {
    expect(after(works, 'j', 'enter').scope.trialId).toBe('t25');
    expect(after(works, 'enter').notice).toContain('select a slot that trains');
    expect(after(works, 'j', 'enter', 'escape').pane).toBe('trials');
  });

  test('d asks for the agent of the row, also from one of its slots, and not for one that is lost', () => {
    expect(asked(works, 'j', 'j', 'j', 'j', 'd', 'y')).toEqual([
      { kind: 'drain', agentId: 'a-borea' },
    ]);
    expect(after(works, 'G', 'k', 'd').notice).toBe('agent cetus is lost already');
  });

  test('the selection stays on its slot when another agent comes before it', () => {
    const { agents } = worksSweep();
    const [first, ...rest] = agents;
    const aaron = { ...first, agentId: 'a-aaron', name: 'aaron' } as (typeof agents)[number];
    const more = watchResponse({ ...worksSweep(), complete: false, agents: [aaron, ...agents] });
    expect(after(works, 'j', more).placeKey).toBe('a-atlas gpu-0');
    expect(after(works, 'j', watchResponse({ agents: rest }), 'j').placeKey).toBe('a-borea gpu-0');
  });

  test('z widens the time that is shown, from minutes to a day, and back to what there is', () => {
    const texts = Array.from({ length: 11 }, (_, count) =>
      windowText(timeWindow(after(works, ...Array.from({ length: count }, () => 'z')))),
    );
    expect(texts).toEqual(
      '10 min,1 min,2 min,5 min,10 min,30 min,1 h,3 h,12 h,24 h,10 min'.split(','),
    );
  });
});

describe('a lane', () => {
  const window = { fromMs: 0, untilMs: 1000 };
  const drawn = (lane: readonly AttemptView[], width = 20): string =>
    toAnsi(laneBar(lane, window, width), 'none');

  test('is as wide as asked for, names what is long enough, and shows how it ended', () => {
    const lane = [
      attempt(100, 300),
      attempt(300, 600, { number: 12, trials: 3, end: 'failed' }),
      attempt(700, 0, { number: 7 }),
    ];
    expect(drawn(lane)).toBe('··┣#1━┣#12━✗··┣#7━━━');
    expect(drawn([])).toBe('·'.repeat(20));
  });

  test('shows at least one column of what was short, and nothing of what was before or comes after', () => {
    expect(drawn([attempt(500, 501)])).toBe('··········━·········');
    expect(drawn([attempt(-50, -10), attempt(2000, 2100)])).toBe('·'.repeat(20));
    expect(drawn([attempt(-50, 500)], 10)).toBe('━#1━━·····');
  });

  test('counts as used what lies in the window', () => {
    expect(usedShare([attempt(-100, 100), attempt(500, 0)], window)).toBeCloseTo(0.6);
    expect(usedShare([], { fromMs: 5, untilMs: 5 })).toBe(0);
  });
});

describe('what is kept', () => {
  test('an attempt that is told again is replaced, and a slot keeps its latest 120 of a day', () => {
    const first = mergeLanes(new Map(), [attempt(10, 0)]);
    const again = mergeLanes(first, [attempt(10, 90)]);
    expect(again.get('a gpu-0')).toMatchObject([{ untilMs: 90, end: 'completed' }]);
    const many = Array.from({ length: 300 }, (_, at) => attempt(at * 10, at * 10 + 5));
    expect(mergeLanes(new Map(), many).get('a gpu-0')).toHaveLength(120);
    const day = 86_400_000;
    const late = mergeLanes(first, [attempt(5, 8), attempt(3 * day, 0)]);
    expect(late.get('a gpu-0')?.map(({ fromMs }) => fromMs)).toEqual([10, 3 * day]);
  });

  test('nothing new is the same map', () => {
    const lanes = mergeLanes(new Map(), [attempt(1, 2)]);
    expect(mergeLanes(lanes, [])).toBe(lanes);
  });
});

test('where there is little room a row gives up memory, heat and shares before the lane', () => {
  expect(placeShape(118)).toMatchObject({ memory: 11, heat: 4, used: 6, busy: 6 });
  expect(placeShape(50)).toMatchObject({ memory: 0, heat: 0, used: 6, busy: 6 });
  expect(placeShape(24)).toMatchObject({ used: 0, busy: 0, lane: 0 });
});
