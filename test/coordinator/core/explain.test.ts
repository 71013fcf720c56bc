// Why a trial waits, runs or has ended: a story for every reason there is, and what is said of it.

import { expect, test } from 'vitest';
import { explain } from '../../../coordinator/core/explain.ts';
import { explainSweep } from '../../../coordinator/core/explain/sweep.ts';
import { DEFAULT_LIMITS } from '../../../coordinator/core/limits.ts';
import type { Now, Stage } from '../../../coordinator/core/model.ts';
import { explainState } from '../../../src/why/explain-record.ts';
import type { NowReason, Reason } from '../../../src/why/reason.ts';
import { toWords } from '../../../src/why/words.ts';
import { FOUND, SEEDS, started } from '../../support/finding-story.ts';
import { checkpoint, ended, epoch, failed, forked, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

/** Trials that train alone, and `ann` with one slot. */
function busy(trials = 2, lines: readonly string[] = []): Story {
  const story = new Story();
  story.tell(submission(trials, 4, lines));
  story.beat('ann');
  return story;
}

function reasonsOf(story: Story, id: string, now: Now = story.now()): readonly NowReason[] {
  return explain(story.state, id, now, DEFAULT_LIMITS);
}

/** What is said of a trial by reasons of one kind. */
function said(kind: Reason['kind'], reasons: readonly Reason[], now: Now): readonly string[] {
  return reasons
    .filter((reason) => reason.kind === kind)
    .flatMap((reason) => toWords(reason, now.wallMs));
}

const STORIES: {
  readonly [K in NowReason['kind']]: () => readonly [readonly Reason[], Now, ...string[]];
} = {
  'no-agent': () => {
    const story = new Story();
    story.tell(submission(1, 2));
    return [reasonsOf(story, 'small/1'), story.now(), 'waits for an agent: none is connected'];
  },
  'no-such-slot': () => {
    const story = busy(1, ['slots: { kind: gpu }']);
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'waits for a gpu slot: the agents that are connected offer 1 slot, none of that kind',
    ];
  },
  'slots-busy': () => {
    const story = busy();
    story.reports('small/1@0', opened(), epoch(0));
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'waits for a free slot: the only one is in use',
      'ann:cpu0 trains #1 (small/1@0) at epoch 1 of 4',
    ];
  },
  'behind-stages': () => {
    const story = busy(3);
    story.tell({ kind: 'prioritised', sweepId: 'small', trialId: 'small/3', priority: 2 });
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      '1 stage of the sweep is ahead of it in the queue: #3 (priority 2)',
    ];
  },
  'behind-sweeps': () => {
    const story = busy();
    story.tell({ ...submission(1, 4, ['priority: 5']), again: true });
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'its sweep has priority 0: small-2 (priority 5, 1 stage waiting) goes first',
    ];
  },
  'back-off': () => {
    const story = busy(1);
    story.report('small/1@0', failed('out of memory'));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'waits 10 s more before its next attempt: it has failed once',
    ];
  },
  'starts-now': () => {
    const story = busy(1);
    story.report('small/1@0', failed('out of memory'));
    const { monoMs, wallMs } = story.now();
    const now = { monoMs: monoMs + 10_000, wallMs };
    return [reasonsOf(story, 'small/1', now), now, 'is about to be given to ann:cpu0'];
  },
  'range-test': () => {
    const story = started(2, [FOUND], [SEEDS]);
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'waits for the range test of its config, which small/1@0 carries out on ann:cpu0',
    ];
  },
  'tests-first': () => {
    const story = started(2, [FOUND], [SEEDS]);
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'range tests come first: lr is still to be found',
    ];
  },
  'agents-silent': () => {
    const story = new Story();
    story.beat('ann');
    story.pass(40_000);
    story.tell(submission(1, 2));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      '1 slot is free of agents that say nothing, and nothing is given to them',
      'agent ann was last heard 40 s ago; in 50 s it counts as lost',
    ];
  },
  'agents-leaving': () => {
    const story = new Story();
    story.beat('ann', ['cpu'], { draining: true });
    story.tell(submission(1, 2));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      '1 slot is free of agents that hand over what they run and leave: ann',
    ];
  },
  'slots-aside': () => {
    const story = busy(12);
    story.report('small/1@0', opened());
    story.beat('bob');
    for (let n = 0; n < 3; n += 1)
      story.report(story.leases()['bob:cpu0'] ?? '', failed('no such GPU'));
    return [
      reasonsOf(story, 'small/12'),
      story.now(),
      '1 slot is free and set aside, since attempts kept failing there',
      'bob:cpu0 for 1 min more: no such GPU',
    ];
  },
  'checkpoint-elsewhere': () => {
    const story = new Story();
    story.tell(submission(2, 4, ['sharing: on']));
    story.beat('ann');
    story.reports('small/1+@0', epoch(0), checkpoint(1), forked(1, [[1], [2]], 0));
    story.beat('bob');
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'waits for its checkpoint (small/1+@0 after epoch 0), which lies only with ann and has not been sent to the coordinator yet',
    ];
  },
  'numerics-differ': () => {
    const story = new Story();
    story.tell(submission(3, 4));
    story.beat('ann', ['gpu', 'cpu']);
    story.report('small/1@0', opened('webgpu'));
    story.reports('small/2@0', opened('wasm'), epoch(0));
    story.tell({ ...submission(1, 4, ['priority: 5']), again: true });
    story.report('small/2@0', ended('released'));
    for (const id of ['small/1@0', 'small/3@0']) story.report(id, ended('diverged'));
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      '1 slot is free and would compute otherwise than it was begun with (wasm), and another slot may do better',
      'ann:gpu0 computes with webgpu',
    ];
  },
  'looked-past': () => {
    const story = new Story();
    story.tell(submission(300, 4));
    story.beat('ann', ['gpu', 'cpu']);
    story.report('small/1@0', opened('webgpu'));
    const { state } = story;
    const queue = (state.pendingOf.get('small') ?? []).slice(0, 256);
    const stages = [...state.stages].map(([id, stage]): [string, Stage] =>
      queue.includes(id) ? [id, { ...stage, numerics: 'wasm' }] : [id, stage],
    );
    const leasesOf = new Map([['ann', new Map([['cpu1', 'small/2@0']])]]);
    const crowded = { ...state, stages: new Map(stages), leasesOf };
    return [
      explain(crowded, 'small/300', story.now(), DEFAULT_LIMITS),
      story.now(),
      '1 slot is free and takes none of the first stages of the queue; 297 are ahead of it, more than are looked at',
    ];
  },
  runs: () => {
    const story = new Story();
    story.tell(submission(3, 4, ['sharing: on']));
    story.beat('ann');
    story.report('small/1+@0', opened());
    story.pass(5_000);
    const now = { ...story.now(), wallMs: story.now().wallMs + 10_000 };
    return [
      reasonsOf(story, 'small/2'),
      now,
      'trains epoch 0 of 4 on ann:cpu0 for 5 s, together with #1, #3: small/1+@0, attempt 1',
    ];
  },
  start: () => {
    const story = busy(1);
    story.reports('small/1@0', opened(), epoch(0), checkpoint(1), epoch(1), failed('broken'));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'it will go on from the checkpoint of small/1@0 after epoch 0, and trains 1 epoch again that are on record',
    ];
  },
  'agent-silent': () => {
    const story = busy(1);
    story.pass(40_000);
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'agent ann was last heard 40 s ago; in 50 s it counts as lost, and its trials go on elsewhere',
    ];
  },
  pausing: () => {
    const story = busy(1);
    story.steer('paused', 'small/1');
    return [reasonsOf(story, 'small/1'), story.now(), 'pauses at the end of epoch 0, as was asked'];
  },
  paused: () => {
    const story = busy(2);
    story.steer('paused', 'small/2');
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'is paused at epoch 0 of 4: "espalier resume" lets it go on',
    ];
  },
  ended: () => {
    const story = busy(1, ['retries: 0']);
    story.reports('small/1@0', opened(), epoch(0), failed('out of memory\nat layer 3'));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'failed after 1 of 4 epochs: out of memory',
      'at layer 3',
    ];
  },
  priority: () => {
    const story = busy(2);
    story.tell({ kind: 'prioritised', sweepId: 'small', trialId: 'small/2', priority: -1 });
    return [
      reasonsOf(story, 'small/2'),
      story.now(),
      'has priority -1: of its sweep, free slots go to higher ones first',
    ];
  },
  'not-reproducible': () => {
    const story = busy(1);
    story.reports('small/1@0', opened('wasm'), epoch(0), failed('broken'));
    story.pass(10_000);
    story.beat('ann');
    story.report('small/1@0', opened('webgpu'));
    return [
      reasonsOf(story, 'small/1'),
      story.now(),
      'not reproducible: small/1@0 gave other numbers when it was trained again',
    ];
  },
  'as-recorded': () => {
    const story = busy(1);
    return [
      explainState(story.record('small/1')),
      story.now(),
      'was running at epoch 0 when the coordinator last wrote; no coordinator runs here that could say what it waits for, and nothing is given to slots until one does',
    ];
  },
};

// Entries forget the names that the table has.
test.each(Object.entries(STORIES) as [NowReason['kind'], (typeof STORIES)[NowReason['kind']]][])(
  'it is said of a trial: %s',
  (kind, tell) => {
    const [reasons, now, ...words] = tell();
    expect(said(kind, reasons, now)).toEqual(words);
  },
);

test('the main reason of a trial comes first', () => {
  const story = busy(3);
  expect(reasonsOf(story, 'small/1').map(({ kind }) => kind)).toEqual(['runs', 'start']);
  expect(reasonsOf(story, 'small/3').map(({ kind }) => kind)).toEqual([
    'slots-busy',
    'behind-stages',
  ]);
  expect(reasonsOf(story, 'small/9')).toEqual([]);
});

test('of a sweep it is said how its trials stand, and what those that wait are waiting for', () => {
  const story = busy(3);
  const reasons = explainSweep(story.state, 'small', story.now(), DEFAULT_LIMITS);
  expect(reasons.flatMap((reason) => toWords(reason, story.now().wallMs))).toEqual([
    '3 trials: 2 pending, 1 running; 1 slot in use, priority 0',
    '2 trials in 2 stages: waits for a free slot: the only one is in use',
    'ann:cpu0 trains #1 (small/1@0) at epoch 0 of 4',
  ]);
});
