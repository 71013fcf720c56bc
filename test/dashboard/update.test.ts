// What happens when something happens, in sentences.

import { describe, expect, test } from 'vitest';
import { hasEnded, shownSweep } from '../../src/dashboard/model.ts';
import { update } from '../../src/dashboard/update.ts';
import { after, asked, blank, effectsOf, typed } from './after.ts';
import { PANES } from '../../src/dashboard/panes.ts';
import {
  busySweep,
  nearResponse,
  plateauEpochs,
  sweepView,
  trialView,
  watchResponse,
} from './sample.ts';

const busy = after(blank(), busySweep());
const delta = (fields: Parameters<typeof watchResponse>[0]): ReturnType<typeof watchResponse> =>
  watchResponse({ ...busySweep(), complete: false, trials: [], ...fields });

describe('receiving', () => {
  test('a change replaces the trials that it names and keeps the others', () => {
    const changed = after(busy, delta({ trials: [trialView({ number: 1, state: 'running' })] }));
    expect(changed.trials.get('t1')?.state).toBe('running');
    expect(changed.trials.size).toBe(48);
  });

  test('a complete response forgets what was known', () => {
    const fresh = after(busy, watchResponse({ trials: [trialView({ number: 5 })] }));
    expect([...fresh.trials.keys()]).toEqual(['t5']);
  });

  test('epochs are merged by number, and the later report of one holds', () => {
    const epochs = [...plateauEpochs(5)];
    const again = epochs.slice(3).map((epoch) => ({ ...epoch, lrFirst: 9 }));
    const open = after(busy, 'b', nearResponse('t24', { epochs }));
    const both = after(open, nearResponse('t24', { complete: false, epochs: again }));
    expect(both.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4]);
    expect(both.epochs.map(({ lrFirst }) => lrFirst)).toEqual([0.1, 0.1, 0.1, 9, 9]);
  });

  test('failures are listed in the order in which they were learnt, and leave when retried', () => {
    const two = after(
      busy,
      delta({ trials: [trialView({ number: 40, state: 'failed' })] }),
      delta({ trials: [trialView({ number: 35, state: 'failed' })] }),
    );
    expect(two.failures.slice(-2)).toEqual(['t40', 't35']);
    const retried = after(two, delta({ trials: [trialView({ number: 40, state: 'pending' })] }));
    expect(retried.failures).not.toContain('t40');
  });

  test('without a sweep asked for, one that runs is shown', () => {
    const sweeps = ['a', 'b', 'c'].map((sweepId) =>
      sweepView({ sweepId, state: sweepId === 'b' ? 'running' : 'completed' }),
    );
    expect(shownSweep(after({ ...blank(), sweepId: '' }, watchResponse({ sweeps })))?.sweepId).toBe(
      'b',
    );
  });

  test('text from outside loses its control sequences before it is kept', () => {
    const evil = trialView({
      number: 1,
      strategy: '\u001B[31mred\u001B[0m',
      message: 'a\r\n\u0007b\u202Ec',
    });
    const kept = after(blank(), watchResponse({ trials: [evil] })).trials.get('t1');
    expect(kept?.strategy).toBe('red');
    expect(kept?.message).toBe('a bc');
  });

  test('a lost connection is shown until the next response', () => {
    const lost = update(busy, { kind: 'disconnected', reason: 'cut\u001B[2J' }).model;
    expect(lost.connection).toEqual({ kind: 'lost', reason: 'cut' });
    expect(after(lost, delta({})).connection.kind).toBe('connected');
  });

  test('the end is reached when no watched sweep runs any more', () => {
    const ended = busySweep().sweeps.map((sweep) => ({ ...sweep, state: 'cancelled' }));
    expect(hasEnded(busy)).toBe(false);
    expect(hasEnded(after(busy, delta({ sweeps: ended })))).toBe(true);
    expect(hasEnded(blank())).toBe(false);
  });
});

describe('the list of trials', () => {
  const list = after(busy, '2');

  test('s sorts by the best value next, with trials that have none at the end', () => {
    const rows = after(list, 's').rows;
    expect(rows[0]?.trialId).toBe(busySweep().sweeps[0]?.bestTrialId);
    const values = rows.filter(({ hasValue }) => hasValue).map(({ bestValue }) => bestValue);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(rows.slice(0, values.length).every(({ hasValue }) => hasValue)).toBe(true);
  });

  test('S reverses, and trials without a value stay at the end', () => {
    const rows = after(list, 's', 'S').rows;
    expect(rows.at(-1)?.hasValue).toBe(false);
    expect(rows[0]?.bestValue).toBe(2.31);
  });

  test('seven times s comes back to the number', () => {
    expect(after(list, ...typed('sssssss')).sort).toEqual(list.sort);
  });

  test('for an objective to be maximised the greatest is best', () => {
    const sweeps = busySweep().sweeps.map((sweep) => ({
      ...sweep,
      objective: { metric: 'val_accuracy', mode: 'max' },
    }));
    expect(after(list, delta({ sweeps }), 's').rows[0]?.bestValue).toBe(2.31);
  });

  test('the filter takes effect with every letter, and all words must occur', () => {
    const filtered = after(list, '/', ...typed('cosine 128'));
    expect(filtered.rows.map(({ number }) => number)).toEqual([1, 7, 13, 19, 25, 31, 37, 43]);
    expect(after(filtered, 'backspace').filter).toBe('cosine 12');
  });

  test('Enter keeps a filter, Esc while typing undoes it, Esc later clears it', () => {
    const kept = after(list, '/', ...typed('step'), 'enter');
    expect([kept.filter, kept.overlay.kind]).toEqual(['step', 'none']);
    expect(after(kept, '/', ...typed('x'), 'escape').filter).toBe('step');
    expect(after(kept, 'escape').filter).toBe('');
  });

  test('letters typed into a filter are letters and no commands', () => {
    expect(effectsOf(list, '/', 'q')).toEqual([]);
    expect(after(list, '/', 'q').filter).toBe('q');
  });

  test('the selection moves, stops at the ends, and drags the rows along', () => {
    expect(after(list, 'j', 'down', 'k').selectedId).toBe('t2');
    expect(after(list, 'up').selectedId).toBe('t1');
    const end = after(list, 'G');
    expect([end.selectedId, end.top]).toEqual(['t48', 48 - 18]);
    expect(after(end, 'j').selectedId).toBe('t48');
    expect(after(end, 'page-up', 'g').top).toBe(0);
  });

  test('a selection on the first row stays there when the order changes; another stays on its trial', () => {
    const best = after(list, 's');
    expect(best.selectedId).toBe(best.rows[0]?.trialId);
    const moved = after(list, 'j', 's');
    expect(moved.selectedId).toBe('t2');
    expect(moved.rows.slice(moved.top, moved.top + 18).map(({ trialId }) => trialId)).toContain(
      't2',
    );
  });

  test('shrinking the terminal keeps the selection on the screen', () => {
    const small = update(after(list, ...typed('jjjjjjjjjj')), {
      kind: 'resize',
      size: { columns: 40, rows: 8 },
    }).model;
    expect(small.rows.slice(small.top, small.top + 4).map(({ trialId }) => trialId)).toContain(
      't11',
    );
  });
});

describe('opening', () => {
  const list = after(busy, '2', 'j');

  test('Enter opens the selected trial and asks for its epochs', () => {
    expect(effectsOf(list, 'enter')).toEqual([
      { kind: 'near', scope: { sweepId: 's1', trialId: 't2', beside: [], output: false } },
    ]);
    expect(after(list, 'enter').pane).toBe('trial');
  });

  test('epochs of the trial before are gone at once', () => {
    const open = after(list, 'enter', nearResponse('t2', { epochs: [...plateauEpochs(5)] }));
    expect(open.epochs).toHaveLength(5);
    expect(after(open, 'j').epochs).toEqual([]);
    expect(after(open, 'j').scope.trialId).toBe('t3');
  });

  test('opening the open trial again asks for nothing', () => {
    expect(effectsOf(list, 'enter', 'escape', 'enter')).toEqual([]);
  });

  test('b opens the best trial and selects it', () => {
    const best = after(busy, 'b');
    expect([best.pane, best.scope.trialId, best.selectedId]).toEqual(['trial', 't24', 't24']);
  });

  test('Tab goes through the panes and back to the first, Shift-Tab the other way', () => {
    expect(after(busy, 'tab').pane).toBe('trials');
    expect(after(busy, 'tab', 'tab').pane).toBe('trial');
    expect(after(busy, 'tab', 'tab', 'tab').pane).toBe('tree');
    const around = Array.from(PANES, () => 'tab');
    expect(after(busy, ...around).pane).toBe('overview');
    expect(after(busy, 'shift-tab').pane).toBe('log');
  });

  test('with several sweeps the arrows turn to another', () => {
    const sweeps = ['s1', 's2'].map((sweepId) => sweepView({ sweepId }));
    const trials = [
      trialView({ number: 1 }),
      trialView({ number: 1, trialId: 'x', sweepId: 's2' }),
    ];
    const other = after(blank(), watchResponse({ sweeps, trials }), 'j');
    expect(other.sweepId).toBe('s2');
    expect(other.rows.map(({ trialId }) => trialId)).toEqual(['x']);
    expect(after(other, 'j').sweepId).toBe('s2');
  });

  test('y turns the axis of the trial logarithmic and back', () => {
    expect(after(busy, 'b', 'y').logAxis).toBe(true);
    expect(after(busy, 'b', 'y', 'y').logAxis).toBe(false);
  });
});

describe('ending things', () => {
  const running = after(busy, '/', ...typed('#25'), 'enter');

  test('c asks, and only y cancels', () => {
    expect(effectsOf(running, 'c')).toEqual([]);
    expect(asked(running, 'c', 'y')).toEqual([{ kind: 'cancel', sweepId: 's1', trialId: 't25' }]);
    for (const no of ['n', 'escape', 'q', 'enter', 'x'])
      expect(effectsOf(running, 'c', no)).toEqual([]);
  });

  test('a key that is no answer leaves the question', () => {
    expect(after(running, 'c', 'x').overlay.kind).toBe('confirm');
    expect(after(running, 'c', 'n').overlay.kind).toBe('none');
  });

  test('on the overview c is about the whole sweep', () => {
    expect(asked(busy, 'c', 'y')).toEqual([{ kind: 'cancel', sweepId: 's1', trialId: '' }]);
  });

  test('what has ended cannot be cancelled, and says so', () => {
    const done = after(busy, '2', 'c');
    expect([done.overlay.kind, done.notice]).toEqual(['none', 'trial #1 is completed already']);
    expect(after(done, 'j').notice).toBe('');
  });

  test('q quits, Ctrl-C interrupts, Ctrl-Z suspends, also from behind a question', () => {
    expect(effectsOf(busy, 'q')).toEqual([{ kind: 'quit' }]);
    expect(effectsOf(running, 'c', 'ctrl-c')).toEqual([{ kind: 'interrupt' }]);
    expect(effectsOf(running, '/', 'ctrl-z')).toEqual([{ kind: 'suspend' }]);
  });

  test('q in the help closes the help', () => {
    expect(effectsOf(busy, '?', 'q')).toEqual([]);
    expect(after(busy, '?', 'q').overlay.kind).toBe('none');
  });
});
