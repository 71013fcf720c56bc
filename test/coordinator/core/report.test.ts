// What is made of an epoch's metrics, and of reports to a stage of which some trials have ended.

import { expect, test } from 'vitest';
import type { Trial } from '../../../coordinator/core/model.ts';
import { epoch, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

function started(extra: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(2, 3, extra));
  story.beat('ann');
  return story;
}

/** The same story, with the second trial a member of the first one's stage, as after a fork. */
function shared(): Story {
  const story = started();
  const { state } = story;
  const stages = new Map(state.stages);
  const first = stages.get('small/1@0');
  if (first === undefined) throw new Error('no stage');
  stages.set(first.id, { ...first, members: ['small/1', 'small/2'] });
  stages.delete('small/2@0');
  const trials = new Map(state.trials);
  const second = trials.get('small/2');
  if (second === undefined) throw new Error('no trial');
  trials.set(second.id, { ...second, state: 'running', stageId: first.id });
  const counts = new Map(
    [...state.counts].map(([id, of]) => [id, { ...of, pending: 0, running: 2 }]),
  );
  story.state = { ...state, stages, trials, counts, pendingOf: new Map([['small', []]]) };
  return story;
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
  story.report('small/1@0', epoch(0, { val_loss: 0.5 }));
  story.tell({ kind: 'cancelled', sweepId: 'small', trialId: 'small/1' });
  const cancelled = trial(story, 'small/1');
  expect(cancelled).toMatchObject({ state: 'cancelled', epochsDone: 1 });
  story.report('small/1@0', epoch(1, { val_loss: 0.4 }));
  expect(trial(story, 'small/1')).toEqual(cancelled);
  expect(trial(story, 'small/2')).toMatchObject({
    state: 'running',
    epochsDone: 2,
    best: { epoch: 1, value: 0.4 },
  });
});

test('an epoch is the best if it beats the trials that still train, whatever the cancelled one had', () => {
  const story = shared();
  story.report('small/1@0', epoch(0, { val_loss: 0.5 }));
  story.tell({ kind: 'cancelled', sweepId: 'small', trialId: 'small/1' });
  const first = trial(story, 'small/1');
  if (first === undefined) throw new Error('no trial');
  const better = { ...first, best: { epoch: 0, value: 0.1 } };
  story.state = { ...story.state, trials: new Map(story.state.trials).set(first.id, better) };
  story.report('small/1@0', epoch(1, { val_loss: 0.4 }));
  expect(trial(story, 'small/2')?.best).toEqual({ epoch: 1, value: 0.4 });
});
