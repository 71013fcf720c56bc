// What people are shown of a sweep that shares.

import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import {
  toAgentView,
  toStageView,
  toSweepView,
  toTrialView,
} from '../../../coordinator/core/view.ts';
import { checkpoint, ended, epoch, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

const ROOT = 'small/1+@0';

/** Three trials that have parted after two of six epochs; `ann` goes on with the first and the third. */
function parted(): Story {
  const story = new Story();
  story.tell(submission(3, 6, ['sharing: on', 'keep: all']));
  story.beat('ann');
  story.reports(ROOT, epoch(0), epoch(1), checkpoint(2), forked(2, [[1, 3], [2]], 0));
  return story;
}

function sweepOf(story: Story): ReturnType<typeof toSweepView> | undefined {
  const sweep = story.state.sweeps.get('small');
  return sweep && toSweepView(story.state, sweep, story.now());
}

function stageOf(story: Story, id: string): ReturnType<typeof toStageView> | undefined {
  const stage = story.stage(id);
  return stage && toStageView(story.state, stage);
}

test('a sweep shows what was delivered and what was trained for it', () => {
  const story = parted();
  expect(sweepOf(story)).toMatchObject({
    trials: 3,
    running: 2,
    pending: 1,
    paused: 0,
    epochsTotal: 18,
    epochsDelivered: 6,
    epochsTrained: 2,
    epochsRepeated: 0,
    notReproducible: 0,
    checkpointBytes: 10,
    bestTrialId: 'small/1',
    bestValue: 0.5,
  });
  story.report('small/1@2', epoch(2));
  expect(sweepOf(story)).toMatchObject({ epochsDelivered: 8, epochsTrained: 3 });
});

test('what was trained again counts apart, and so do stages that did not come out the same', () => {
  const story = parted();
  story.reports('small/1@2', epoch(2), epoch(2), epoch(0, { val_loss: 9 }));
  expect(sweepOf(story)).toMatchObject({ epochsTrained: 3, epochsRepeated: 2, notReproducible: 1 });
});

test('a stage shows where it stands in the tree, who leads it, and what it holds', () => {
  const story = parted();
  expect(stageOf(story, ROOT)).toMatchObject({
    parentId: '',
    fromEpoch: 0,
    recordedEpochs: 2,
    untilEpoch: 6,
    state: 'ended',
    members: 3,
    leading: [1, 2, 3],
    slot: '',
    checkpointBytes: 10,
  });
  expect(stageOf(story, 'small/1@2')).toMatchObject({
    parentId: ROOT,
    fromEpoch: 2,
    state: 'running',
    members: 2,
    leading: [1, 3],
    slot: 'ann:cpu0',
    attempt: 1,
    reproducible: true,
    checkpointBytes: 0,
  });
  expect(stageOf(story, 'small/2@2')).toMatchObject({ state: 'pending', attempt: 0 });
});

test('of a stage with many trials sixteen are named', () => {
  const story = new Story();
  story.tell(submission(20, 2, ['sharing: on']));
  expect(stageOf(story, ROOT)).toMatchObject({ members: 20 });
  expect(stageOf(story, ROOT)?.leading).toHaveLength(16);
});

test('a trial shows its stage, its slot while it trains, and that it is to pause', () => {
  const story = parted();
  story.steer('paused', 'small/3');
  const view = (id: string): unknown => {
    const trial = story.trial(id);
    return trial && toTrialView(story.state, trial, []);
  };
  expect(view('small/3')).toMatchObject({
    state: 'running',
    stageId: 'small/1@2',
    slot: 'ann:cpu0',
    pausing: true,
    epoch: 2,
    epochs: 6,
  });
  expect(view('small/2')).toMatchObject({ state: 'pending', slot: '', pausing: false });
  story.steer('paused', 'small/2');
  expect(view('small/2')).toMatchObject({ state: 'paused', pausing: false });
});

test('a slot shows the stage that it trains, its first trial and how many there are', () => {
  const story = parted();
  const view = (): unknown => {
    const agent = story.state.agents.get('ann');
    return agent && toAgentView(story.state, agent, story.now(), DEFAULT_LIMITS);
  };
  expect(view()).toMatchObject({
    state: 'connected',
    slots: [{ name: 'cpu0', trialId: 'small/1', stageId: 'small/1@2', trials: 2 }],
  });
  story.steer('cancelled', 'small/1');
  expect(view()).toMatchObject({ slots: [{ trialId: 'small/3', trials: 1 }] });
  story.drain('ann');
  expect(view()).toMatchObject({ state: 'draining' });
});

test('the time that is left follows from the pace, the slots at work and what has been shared so far', () => {
  const story = parted();
  // 12 epochs are left; so far one was trained for three delivered; but two paths of four epochs each must be trained.
  expect(sweepOf(story)?.remainingMs).toBe(8_000);
  story.beat('ann', ['cpu', 'cpu']);
  expect(sweepOf(story)?.remainingMs).toBe(4_000);
});

test('the time that is left is unknown while nothing trains, and none once the sweep has ended', () => {
  const story = new Story();
  story.tell(submission(1, 1));
  expect(sweepOf(story)?.remainingMs).toBe(-1);
  story.beat('ann');
  story.reports('small/1@0', epoch(0), ended('completed'));
  expect(sweepOf(story)?.remainingMs).toBe(0);
});

test('paused trials have no time left to wait for', () => {
  const story = parted();
  story.steer('paused', 'small/2');
  expect(sweepOf(story)?.remainingMs).toBe(4_000);
});
