// Keys that ask the coordinator for something: pausing, going on, trying again, sending an agent away.

import { expect, test } from 'vitest';
import { frame } from '../../../src/dashboard/frame/frame.ts';
import { after, asked, blank, effectsOf, typed } from '../after.ts';
import { sharedSweep } from '../sample-tree.ts';
import { agentView, busySweep, sweepView, trialView, watchResponse } from '../sample.ts';

const shared = after(blank(), sharedSweep());
const one = (fields: Partial<ReturnType<typeof trialView>>): ReturnType<typeof after> =>
  after(
    blank(),
    watchResponse({ sweeps: [sweepView()], trials: [trialView({ number: 1, ...fields })] }),
    '2',
  );

test.each([
  ['running', {}, 'pause'],
  ['pending', {}, 'pause'],
  ['paused', {}, 'resume'],
  ['running', { pausing: true }, 'resume'],
] as const)('p on a %s trial (%o) asks to %s it, without a question', (state, fields, verb) => {
  const list = one({ state, ...fields });
  const command = { kind: verb, sweepId: 's1', trialId: 't1' };
  expect(asked(list, 'p')).toEqual([command]);
  expect(asked(list, 'enter', 'p')).toEqual([command]);
});

test.each(['completed', 'failed', 'diverged', 'cancelled'])(
  'a %s trial cannot be paused',
  (state) => {
    expect(asked(one({ state }), 'p')).toEqual([]);
    expect(after(one({ state }), 'p').notice).toBe(`trial #1 is ${state} already`);
  },
);

test.each([
  [{ running: 2, paused: 3 }, 'pause'],
  [{ pending: 1, paused: 3 }, 'pause'],
  [{ paused: 3 }, 'resume'],
] as const)('p on the overview of a sweep with %o asks to %s it', (fields, verb) => {
  const model = after(blank(), watchResponse({ sweeps: [sweepView(fields)] }));
  expect(asked(model, 'p')).toEqual([{ kind: verb, sweepId: 's1', trialId: '' }]);
});

test('p again, while the last trials train their epoch to its end, takes the pause back', () => {
  const trials = [trialView({ number: 1, state: 'running', pausing: true })];
  const model = after(blank(), watchResponse({ sweeps: [sweepView({ running: 1 })], trials }));
  expect(asked(model, 'p')).toEqual([{ kind: 'resume', sweepId: 's1', trialId: '' }]);
});

test('a sweep that has ended cannot be paused', () => {
  const model = after(blank(), watchResponse({ sweeps: [sweepView({ state: 'completed' })] }));
  expect(asked(model, 'p')).toEqual([]);
  expect(after(model, 'p').notice).toBe('digits-lr is completed already');
});

test('r tries a failed trial again, and no other', () => {
  const command = { kind: 'retry', sweepId: 's1', trialId: 't1' };
  expect(asked(one({ state: 'failed' }), 'r')).toEqual([command]);
  expect(asked(one({ state: 'failed' }), 'enter', 'r')).toEqual([command]);
  for (const state of ['diverged', 'completed', 'running', 'cancelled'])
    expect(asked(one({ state }), 'r')).toEqual([]);
  expect(after(one({ state: 'running' }), 'r').notice).toBe('trial #1 has not failed');
});

test('r on the overview tries all failed trials again', () => {
  expect(asked(shared, 'r')).toEqual([{ kind: 'retry', sweepId: 's1', trialId: '' }]);
  const none = after(blank(), watchResponse({ sweeps: [sweepView()] }));
  expect([asked(none, 'r'), after(none, 'r').notice]).toEqual([[], 'no trial has failed']);
});

test('a paused trial can be cancelled, after a question', () => {
  expect(asked(one({ state: 'paused' }), 'c')).toEqual([]);
  expect(asked(one({ state: 'paused' }), 'c', 'y')).toEqual([
    { kind: 'cancel', sweepId: 's1', trialId: 't1' },
  ]);
});

test('d asks about the one agent there is, and only y drains it', () => {
  const model = after(blank(), { ...busySweep(), agents: [agentView('atlas', ['t25'])] });
  expect(frame(after(model, 'd')).at(-1)).toContain(
    'Drain agent atlas? What it trains goes on elsewhere, and it leaves.',
  );
  expect(effectsOf(model, 'd')).toEqual([]);
  expect(asked(model, 'd', 'y')).toEqual([{ kind: 'drain', agentId: 'a-atlas' }]);
  for (const no of ['n', 'escape', 'q', 'enter']) expect(effectsOf(model, 'd', no)).toEqual([]);
});

test('with several agents d lets the person choose, then asks', () => {
  expect(shared.agents.map(({ name }) => name)).toEqual(['atlas', 'borea']);
  expect(asked(shared, 'd', 'y')).toEqual([]);
  expect(asked(shared, 'd', 'enter')).toEqual([]);
  expect(asked(shared, 'd', 'j', 'j', 'enter', 'y')).toEqual([
    { kind: 'drain', agentId: 'a-borea' },
  ]);
  expect(after(shared, 'd', 'escape').overlay.kind).toBe('none');
});

test('an agent that leaves while one is chosen is no choice any more', () => {
  const without = { ...sharedSweep(), agents: [agentView('atlas', [])] };
  expect(asked(shared, 'd', 'j', without, 'enter', 'y')).toEqual([
    { kind: 'drain', agentId: 'a-atlas' },
  ]);
  expect(after(shared, 'd', { ...without, agents: [] }, 'enter').overlay.kind).toBe('none');
});

test('an agent that is lost or drains already cannot be drained', () => {
  const agents = [agentView('atlas', [], 'lost'), agentView('borea', [], 'draining')];
  const model = after(blank(), { ...busySweep(), agents });
  expect(after(model, 'd').notice).toBe('there is no agent to drain');
});

test('letters typed into a filter pause and retry nothing', () => {
  expect(effectsOf(shared, '2', '/', ...typed('pr'), 'd')).toEqual([]);
});

test('the filter finds paused trials and those about to pause', () => {
  const trials = [
    trialView({ number: 1, state: 'paused' }),
    trialView({ number: 2, state: 'running', pausing: true }),
    trialView({ number: 3, state: 'running' }),
  ];
  const model = after(blank(), watchResponse({ sweeps: [sweepView()], trials }), '/');
  const found = (words: string): readonly number[] =>
    after(model, ...typed(words)).rows.map(({ number }) => number);
  expect([found('paus'), found('paused'), found('pausing')]).toEqual([[1, 2], [1], [2]]);
});

test('sorted by state, paused trials follow those that run', () => {
  const states = ['pending', 'completed', 'paused', 'failed', 'running'];
  const trials = states.map((state, index) => trialView({ number: index + 1, state }));
  const sweeps = [sweepView()];
  const model = after(blank(), watchResponse({ sweeps, trials }), '2', ...typed('sssss'));
  expect(model.rows.map(({ state }) => state)).toEqual([
    'running',
    'paused',
    'failed',
    'completed',
    'pending',
  ]);
});

test('a sweep in which nothing is left but paused trials is shown as paused, and how it goes on', () => {
  const lines = frame(after(blank(), watchResponse({ sweeps: [sweepView({ paused: 3 })] })));
  expect(lines[0]).toContain('‖ paused');
  expect(lines.join('\n')).toContain('p lets it go on');
});
