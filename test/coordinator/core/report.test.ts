// What is made of an epoch's metrics, and of reports to a stage of which some trials have ended.

import { expect, test } from 'vitest';
import type { Fact } from '../../../coordinator/core/fact.ts';
import type { Trial } from '../../../coordinator/core/model.ts';
import type { Metrics } from '../../../src/domain/objective.ts';
import { checkpoint, epoch, forked, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

function started(extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(2, 3, extra));
  story.beat('ann');
  return story;
}

/** Two trials that train together. */
function shared(): Story {
  return started(['sharing: on']);
}

function trial(story: Story, id: string): Trial | undefined {
  return story.state.trials.get(id);
}

test('the best value is that of the best epoch, the last that of the last', () => {
  const story = started();
  for (const [n, loss] of [0.5, 0.3, 0.4].entries())
    story.report('small/1@0', epoch(n, { val_loss: loss }));
  expect(trial(story, 'small/1')).toMatchObject({
    best: { epoch: 1, value: 0.3 },
    last: 0.4,
    epochsDone: 3,
  });
});

test('a metric that every object has by nature is still not reported', () => {
  const story = new Story();
  const { spec, ...rest } = submission(1, 2);
  const objective = { metric: 'constructor', mode: 'min', at: 'best' } as const;
  story.tell({ ...rest, spec: { ...spec, objective } });
  story.beat('ann');
  story.report('small/1@0', epoch(0, { val_loss: 0.5 }));
  expect(trial(story, 'small/1')).toMatchObject({ best: null, last: Number.NaN });
  story.report('small/1@0', epoch(1, { constructor: 0.5 }));
  expect(trial(story, 'small/1')).toMatchObject({ best: { epoch: 1, value: 0.5 } });
});

test('a trial that was cancelled keeps what it had while its stage trains on for the other', () => {
  const story = shared();
  story.report('small/1+@0', epoch(0, { val_loss: 0.5 }));
  story.steer('cancelled', 'small/1');
  const cancelled = trial(story, 'small/1');
  expect(cancelled).toMatchObject({ state: 'cancelled', epochsDone: 1 });
  story.report('small/1+@0', epoch(1, { val_loss: 0.4 }));
  expect(trial(story, 'small/1')).toEqual(cancelled);
  expect(trial(story, 'small/2')).toMatchObject({
    state: 'running',
    epochsDone: 2,
    best: { epoch: 1, value: 0.4 },
  });
});

test('an epoch is the best if it beats the trials that still train, whatever the cancelled one had', () => {
  const story = shared();
  story.report('small/1+@0', epoch(0, { val_loss: 0.5 }));
  story.steer('cancelled', 'small/1');
  story.report('small/1+@0', epoch(1, { val_loss: 0.3 }));
  story.report('small/1+@0', epoch(2, { val_loss: 0.4 }));
  expect(trial(story, 'small/2')?.best).toEqual({ epoch: 1, value: 0.3 });
});

test('an epoch on record is compared bit for bit, also with what its parents recorded', () => {
  const story = shared();
  story.reports('small/1+@0', epoch(0, { val_loss: Number.NaN, loss: 0.1 }), checkpoint(1));
  story.report('small/1+@0', forked(1, [[1], [2]], 0));
  const again = (metrics: Metrics): readonly string[] =>
    story.reports('small/1@1', epoch(0, metrics));
  const next = 0.1 + Number.EPSILON / 8;
  expect(again({ loss: 0.1, val_loss: Number.NaN })).toEqual(['small/1@1 epoch 0 again, the same']);
  expect(again({ loss: next, val_loss: Number.NaN })).toEqual([
    'small/1@1 epoch 0 again, different',
  ]);
  expect(again({ loss: 0.1 })).toEqual(['small/1@1 epoch 0 again, different']);
  expect(story.stage('small/1+@0')?.reproducible).toBe(true);
  expect(story.stage('small/1@1')).toMatchObject({ reproducible: false, repeatedEpochs: 3 });
});

test('an epoch of which nothing was said for so long fails the attempt', () => {
  const story = shared();
  const facts = story.report('small/1+@0', epoch(1));
  expect(facts.find((fact) => fact.kind === 'lease-ended')).toMatchObject({
    end: 'failed',
    message: 'epoch 1 was reported where epoch 0 was due',
  });
});

function stale(agentId: string, sequence: number): readonly Fact[] {
  return [{ kind: 'report-taken', agentId, sequence, isStale: true }];
}

test('only the current attempt on the agent that holds it is heard; of all others no more is kept than their number', () => {
  const story = started();
  story.beat('ann', ['cpu'], { incarnation: '2' });
  story.beat('bob', ['cpu', 'cpu']);
  expect(story.stage('small/1@0')).toMatchObject({ attempt: 2, lease: { agentId: 'ann' } });
  const say = (agentId: string, stageId: string, attempt: number, sequence: number): unknown =>
    story.tell({ kind: 'reported', agentId, stageId, attempt, sequence, item: epoch(0) });
  expect(say('ann', 'small/1@0', 1, 1)).toEqual(stale('ann', 1));
  expect(say('ann', 'small/1@0', 3, 2)).toEqual(stale('ann', 2));
  expect(say('bob', 'small/1@0', 2, 1)).toEqual(stale('bob', 1));
  expect(say('ann', 'small/9@0', 1, 3)).toEqual(stale('ann', 3));
  expect(say('ann', 'small/1@0', 2, 4)).toMatchObject([{ isStale: false }, { epoch: 0 }]);
  expect(say('ann', 'small/1@0', 2, 4)).toEqual([]);
  expect(say('nobody', 'small/1@0', 2, 1)).toEqual([]);
});
