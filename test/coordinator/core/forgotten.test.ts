// A coordinator whose database is an older copy, and agents that know more than it does.

import { expect, test } from 'vitest';
import { submission } from '../../support/sweep.ts';
import { epoch, Story } from '../../support/story.ts';
import { transcript } from '../../support/transcript.ts';

/** Ann trains the first of two trials, and has told of one epoch. */
function begun(): Story {
  const story = new Story();
  story.tell(submission(2, 3));
  story.beat('ann');
  story.report('small/1@0', epoch(0));
  return story;
}

test('an agent that has had more acknowledged than is on record is granted its stage anew, and nothing failed', () => {
  const story = begun();
  expect(transcript(story.beat('ann', ['cpu'], { acknowledged: 7 }))).toEqual([
    'forgotten reports 2 to 7 of ann',
    'small/1@0 #1 is over: released',
    'ann:cpu0 gets small/1@0 #2 from scratch',
  ]);
  expect(story.stage('small/1@0')).toMatchObject({ failures: 0, losses: 0 });
  expect(transcript(story.beat('ann', ['cpu'], { acknowledged: 7 }))).toEqual([]);
});

test('reports with a gap before them are stale, and end what the agent holds', () => {
  const story = begun();
  const late = { kind: 'reported', agentId: 'ann', stageId: 'small/1@0', attempt: 1 } as const;
  expect(transcript(story.tell({ ...late, sequence: 5, item: epoch(2) }))).toEqual([
    'forgotten reports 2 to 4 of ann',
    'small/1@0 #1 is over: released',
    'a stale report',
    'ann:cpu0 gets small/1@0 #2 from scratch',
  ]);
});

test('the next attempt has a higher number than one that an agent still runs', () => {
  const story = begun();
  const running = [
    { stageId: 'small/2@0', attempt: 3 },
    { stageId: 'small/2@0', attempt: 2 },
  ];
  expect(transcript(story.beat('bob', ['cpu'], { running }))).toEqual([
    'agent bob joined',
    'small/2@0 is past #3',
    'bob:cpu0 gets small/2@0 #4 from scratch',
  ]);
});

test('an agent that runs a later attempt of what it holds gives it back', () => {
  const story = begun();
  const running = [{ stageId: 'small/1@0', attempt: 4 }];
  expect(transcript(story.beat('ann', ['cpu'], { running }))).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is past #4',
    'ann:cpu0 gets small/1@0 #5 from scratch',
  ]);
});

test('what an agent runs of stages that others hold, that have ended or that nobody knows changes nothing', () => {
  const story = begun();
  story.steer('cancelled', 'small/2');
  const running = ['small/1@0', 'small/2@0', 'other/1@0'].map((stageId) => ({
    stageId,
    attempt: 9,
  }));
  expect(transcript(story.beat('bob', ['cpu'], { running }))).toEqual(['agent bob joined']);
});

test('an agent that comes from another coordinator goes on with its numbers', () => {
  const story = new Story();
  story.tell(submission(1, 3));
  story.beat('ann', ['cpu'], { acknowledged: 40 });
  expect(story.state.agents.get('ann')).toMatchObject({ lastSequence: 40 });
  expect(transcript(story.report('small/1@0', epoch(0)))).toEqual(['small/1@0 epoch 0, the best']);
});
