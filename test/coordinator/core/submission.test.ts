// Submissions: what is found of an earlier one.

import { expect, test } from 'vitest';
import { findByFingerprint, findSubmitted } from '../../../coordinator/core/decide/submission.ts';
import { Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

test('trials are numbered from 1, in order, each with its root stage', () => {
  const story = new Story();
  story.tell(submission(3, 2));
  const trials = [...story.state.trials.values()];
  expect(trials.map(({ id, number, stageId }) => [id, number, stageId])).toEqual([
    ['small/1', 1, 'small/1@0'],
    ['small/2', 2, 'small/2@0'],
    ['small/3', 3, 'small/3@0'],
  ]);
});

test('a sweep that was cancelled is found by its fingerprint, but does not stand for a new submission', () => {
  const story = new Story();
  const event = submission(1, 2);
  story.tell(event);
  expect(findSubmitted(story.state, event.fingerprint)?.id).toBe('small');
  story.tell({ kind: 'cancelled', sweepId: 'small', trialId: null });
  expect(findSubmitted(story.state, event.fingerprint)).toBeUndefined();
  expect(findByFingerprint(story.state, event.fingerprint)).toMatchObject({
    id: 'small',
    state: 'cancelled',
  });
  story.tell(event);
  expect(findByFingerprint(story.state, event.fingerprint)?.id).toBe('small-2');
});
