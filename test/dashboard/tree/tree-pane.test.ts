// The tree in front of a person: what is known of stages, what is selected, what opens.

import { expect, test } from 'vitest';
import { frame } from '../../../src/dashboard/frame/frame.ts';
import { update } from '../../../src/dashboard/update.ts';
import { after, blank, effectsOf, typed } from '../after.ts';
import { range, sharedStages, sharedSweep, stageView } from '../sample-tree.ts';
import { sweepView, trialView, watchResponse } from '../sample.ts';

const tree = after(blank(), sharedSweep(), '4');
const change = (fields: Parameters<typeof watchResponse>[0]): ReturnType<typeof watchResponse> =>
  watchResponse({ ...sharedSweep(), complete: false, trials: [], stages: [], ...fields });

test('a change replaces the stages that it names and keeps the others', () => {
  const [first] = sharedStages();
  const changed = { ...(first ?? stageView({ stageId: 'none' })), state: 'running' };
  const model = after(tree, change({ stages: [changed] }));
  expect(model.stages.get('s1/1+@0')?.state).toBe('running');
  expect(model.stages.size).toBe(10);
  expect(model.tree).toHaveLength(11);
});

test('a complete response forgets the stages that were known', () => {
  const model = after(
    tree,
    watchResponse({ ...sharedSweep(), stages: [stageView({ stageId: 'a' })] }),
  );
  expect([...model.stages.keys()]).toEqual(['a']);
  expect(model.tree.map(({ key }) => key)).toEqual(['a']);
});

test('rows are made anew only when stages have changed', () => {
  expect(after(tree, change({ trials: [trialView({ number: 1 })] }), 'j').tree).toBe(tree.tree);
  expect(after(tree, change({ stages: [stageView({ stageId: 'a' })] })).tree).not.toBe(tree.tree);
});

test('text from outside loses its control sequences before it is kept', () => {
  const stage = stageView({ stageId: 'a', slot: '\u001B[31mgpu', state: 'run\u0007ning' });
  expect(after(tree, change({ stages: [stage] })).stages.get('a')).toMatchObject({
    slot: 'gpu',
    state: 'running',
  });
});

test('the rows are those of the sweep that is shown', () => {
  const stages = [stageView({ stageId: 'a' }), stageView({ stageId: 'b', sweepId: 's2' })];
  const sweeps = ['s1', 's2'].map((sweepId) => sweepView({ sweepId }));
  const model = after({ ...blank(), sweepId: 's1' }, watchResponse({ sweeps, stages }));
  expect(model.tree.map(({ key }) => key)).toEqual(['a']);
  expect(after(model, 'j').tree.map(({ key }) => key)).toEqual(['b']);
});

test('the selection moves, stops at the ends, and stays with its stage while the tree grows', () => {
  expect(after(tree, 'j', 'down', 'k').treeKey).toBe('s1/1@0');
  expect(after(tree, 'up').treeKey).toBe('family of s1/1+@0');
  expect(after(tree, 'G', 'j').treeKey).toBe('s1/25@0');
  const before = stageView({ stageId: 'new', parentId: 's1/1@10', fromEpoch: 15, leading: [0] });
  const grown = after(tree, ...typed('jjj'), change({ stages: [before] }));
  expect(grown.treeKey).toBe('s1/1@15');
  expect(grown.tree[3]?.key).toBe('new');
});

test('a selection on a stage that is gone goes to the first row', () => {
  const fewer = watchResponse({ ...sharedSweep(), stages: sharedStages().slice(8) });
  expect(after(tree, 'j', 'j', fewer).treeKey).toBe('s1/13+@0');
});

test('of thousands of stages the selected one is on the screen, in every size', () => {
  const stages = range(1, 3000).map((number) =>
    stageView({ stageId: `s1/${number}@0`, leading: [number] }),
  );
  const many = after(tree, watchResponse({ ...sharedSweep(), stages }));
  const shows = (model: typeof many): string =>
    frame(model).find((line) => line.startsWith('▸')) ?? '';
  expect(shows(after(many, 'G'))).toContain('#3000');
  expect(shows(after(many, 'G', 'page-up'))).toContain('#2982');
  expect(shows(after(many, 'page-down', 'page-down'))).toContain('#37');
  const small = { kind: 'resize', size: { columns: 40, rows: 8 } } as const;
  expect(shows(update(after(many, 'G', 'page-up'), small).model)).toContain('#2982');
  expect(shows(after(many, 'G', 'g'))).toContain('#1 ');
});

test('Enter opens the leading trial, and Esc comes back to the tree, also after going on to other trials', () => {
  const open = after(tree, ...typed('jjj'), 'enter');
  expect([open.pane, open.scope.trialId]).toEqual(['trial', 't1']);
  expect(effectsOf(tree, 'j', 'enter')).toEqual([
    { kind: 'near', scope: { sweepId: 's1', trialId: 't1', beside: [], output: false } },
  ]);
  expect(after(open, 'escape').pane).toBe('tree');
  expect(after(open, 'j', 'j', 'escape').pane).toBe('tree');
  expect(after(open, 'escape', '2', 'enter', 'escape').pane).toBe('trials');
});

test('a leading trial that is not known is not opened, and that is said', () => {
  const model = after(tree, watchResponse({ ...sharedSweep(), trials: [] }), 'enter');
  expect([model.pane, model.notice]).toEqual(['tree', 'trial #1 is not known yet']);
});

test('an ended stage shows how its trials ended, a parted one that they went on', () => {
  const signs = frame(tree).map((line) => line.slice(0, 4).trim());
  expect(signs.slice(4, 13)).toEqual(['┬', '┬', '●', '✓', '○', '‖', '✓', '●', '✗']);
});
