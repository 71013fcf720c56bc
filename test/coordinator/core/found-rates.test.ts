// Range tests before training: who tests, who waits for it, and what becomes of what was found.

import { expect, test } from 'vitest';
import type { ReportItem } from '../../../coordinator/core/event.ts';
import type { FoundRate } from '../../../coordinator/core/model.ts';
import { toFinding } from '../../../src/lr/find.ts';
import { ended, epoch, failed, opened, Story } from '../../support/story.ts';
import { submissionOf } from '../../support/sweep.ts';

const SEEDS = 'seeds: [1, 2]';
const FOUND = '  - { strategy: fixed, lr: { find: {} } }';
const STEEPEST = '  - { strategy: fixed, lr: { find: { suggest: steepest } } }';
const PLAIN = '  - { strategy: fixed, lr: 0.5 }';
/** Breaks a rule if less than 0.2 is found. */
const CYCLIC = '  - { strategy: cyclic, base_lr: 0.2, max_lr: { find: {} }, step_size: 2 }';
const HALVED =
  '  - { strategy: cyclic, base_lr: { find: { times: 0.5 } }, max_lr: { find: {} }, step_size: 2 }';

/** A sweep of these items, further lines of the file before them, and an agent with so many slots. */
function started(
  slots: number,
  items: readonly string[],
  lines: readonly string[] = [],
  retries = 0,
): Story {
  const story = new Story();
  const objective = 'objective: { metric: val_loss, mode: min }';
  const head = [objective, 'epochs: 2', `retries: ${retries}`, ...lines];
  story.tell(submissionOf([...head, 'learning_rate:', ...items]));
  beat(story, slots);
  return story;
}

function beat(story: Story, slots: number, agentId = 'ann'): void {
  story.beat(
    agentId,
    Array.from({ length: slots }, () => 'cpu' as const),
  );
}

/** What was found by this way to test and to read the curves. */
function rates(max_lr: number, find: object = {}): ReportItem {
  return { kind: 'rates', rates: [found(max_lr, find)] };
}

function found(max_lr: number, find: object): FoundRate {
  const counts = { least: max_lr / 2, greatest: max_lr, found: 2, tested: 3, words: 'so' };
  return { ...toFinding({ find }), max_lr, base_lr: max_lr / 4, ...counts };
}

/** Each trial as `state strategy-label`. */
function trialsOf(story: Story): readonly string[] {
  return [...story.state.trials.values()].map(
    ({ state, strategyLabel }) => `${state} ${strategyLabel}`,
  );
}

/** The stage trains two epochs. */
function train(story: Story, stageId: string): void {
  story.reports(stageId, opened(), epoch(0), epoch(1), ended('completed'));
}

test('trials that wait for rates are families of their own, and the others hold none up', () => {
  const story = started(4, [PLAIN, FOUND, HALVED], [SEEDS]);
  expect([...story.state.stages.values()].map(({ id, members }) => [id, members])).toEqual([
    ['small/1@0', ['small/1']],
    ['small/2@0', ['small/2']],
    ['small/3+@0', ['small/3', 'small/5']],
    ['small/4+@0', ['small/4', 'small/6']],
  ]);
});

test('one stage of a config tests while its others wait; plain trials and other configs go on', () => {
  const story = started(8, [PLAIN, FOUND], [SEEDS, 'config: { units: [8, 16] }']);
  const waiting = [...story.state.stages.values()].filter(({ lease }) => lease === null);
  const byConfig = (ids: readonly (string | undefined)[]): readonly unknown[] =>
    ids.map((id = '') => [story.trial(id)?.config['units'], story.trial(id)?.strategyLabel]);
  expect(Object.keys(story.leases())).toHaveLength(6);
  expect(byConfig(waiting.map(({ members }) => members[0]))).toEqual([
    [8, 'lr found by valley'],
    [16, 'lr found by valley'],
  ]);
  // They wait however much time passes and however many slots there are.
  beat(story, 4, 'bob');
  story.pass(10_000);
  expect(Object.keys(story.leases())).toHaveLength(6);
});

test('what one seed finds is given to all seeds of its config and to no other config', () => {
  const story = started(4, [FOUND, HALVED], [SEEDS, 'config: { units: [8, 16] }']);
  const [lead = ''] = Object.values(story.leases());
  expect(story.trial('small/1')?.config).toEqual(story.trial('small/2')?.config);
  expect(story.reports(lead, opened(), rates(0.123_456))).toEqual([
    `${lead} is opened`,
    'rates of small: 0.123456',
    'trial small/1 has its rates',
    'trial small/2 has its rates',
    'trial small/5 has its rates',
    'trial small/6 has its rates',
    'ann:cpu2 gets small/2+@0 #1 from scratch',
  ]);
  expect(trialsOf(story)).toEqual([
    'running lr 0.123',
    'running lr 0.123',
    'running lr found by valley',
    'pending lr found by valley',
    'running base_lr 0.0154 max_lr 0.123 step_size 2',
    'running base_lr 0.0154 max_lr 0.123 step_size 2',
    'running base_lr found by valley × 0.5 max_lr found by valley step_size 2',
    'pending base_lr found by valley × 0.5 max_lr found by valley step_size 2',
  ]);
});

test('the stage that tested is handed back and trains next, and the sweep comes to its end', () => {
  const story = started(1, [FOUND], [SEEDS]);
  expect(story.reports('small/1@0', opened(), rates(0.1), ended('released')).slice(-2)).toEqual([
    'small/1@0 #1 is over: released',
    'ann:cpu0 gets small/1@0 #2 from scratch',
  ]);
  train(story, 'small/1@0');
  train(story, 'small/2@0');
  expect(trialsOf(story)).toEqual(['completed lr 0.1', 'completed lr 0.1']);
  expect(story.state.sweeps.get('small')?.state).toBe('completed');
});

test('a trial whose rates break a rule fails in words and with its values; the others train', () => {
  const story = started(1, [CYCLIC, FOUND]);
  expect(story.reports('small/1+@0', opened(), rates(0.1), ended('released')).slice(2)).toEqual([
    'trial small/1 has its rates',
    'trial small/2 has its rates',
    'new stage small/1@0.2: small/1 from epoch 0',
    'trial small/1 is failed',
    'small/1@0.2 is ended',
    'small/1+@0 #1 is over: released',
    'ann:cpu0 gets small/1+@0 #2 from scratch',
  ]);
  expect(story.trial('small/1')?.message).toBe(
    'the learning rate that was found does not go with the rest: base_lr: received 0.2 with max_lr 0.1; base_lr must be at most max_lr',
  );
  train(story, 'small/1+@0');
  expect(trialsOf(story)).toEqual([
    'failed base_lr 0.2 max_lr 0.1 step_size 2',
    'completed lr 0.1',
  ]);
});

test('where they break a rule of everybody, all stages of the config end, the tested one with its last word', () => {
  const story = started(1, [CYCLIC], [SEEDS]);
  expect(story.reports('small/1@0', rates(0.1)).slice(3)).toEqual([
    'trial small/1 is failed',
    'trial small/2 is failed',
    'small/2@0 is ended',
    'sweep small is completed',
  ]);
  expect(story.reports('small/1@0', ended('released'))).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is ended',
  ]);
});

test('the host of a stage whose trials have all failed of their rates may be lost', () => {
  const story = started(1, [CYCLIC]);
  story.report('small/1@0', rates(0.1));
  expect(story.reports('small/1@0', ended('lost'))).toEqual([
    'small/1@0 #1 is over: lost',
    'small/1@0 is ended',
  ]);
});

test('a trial that failed of its rates is tried again from its own first epoch, apart from those that have gone on', () => {
  const story = started(2, [CYCLIC, FOUND]);
  story.reports('small/1+@0', opened(), rates(0.1), ended('released'));
  story.reports('small/1+@0', opened(), epoch(0), failed('no memory'));
  expect(story.steer('retried').slice(3)).toEqual([
    'new stage small/1@0.3: small/1 from epoch 0',
    'new stage small/2@1.2: small/2 from epoch 1',
    'ann:cpu0 gets small/1@0.3 #1 from scratch',
    'ann:cpu1 gets small/2@1.2 #1 from scratch',
  ]);
});

test('tests that find nothing fail the trials that wait in the stage; those of another seed test for themselves', () => {
  const story = started(1, [PLAIN, FOUND, HALVED], [SEEDS]);
  train(story, 'small/1@0');
  train(story, 'small/2@0');
  const why = 'the range test found no learning rate (valley): the loss does not fall';
  expect(story.reports('small/3+@0', opened(), failed(why)).slice(1)).toEqual([
    'small/3+@0 #1 is over: failed',
    'trial small/3 is failed',
    'trial small/5 is failed',
    'small/3+@0 is ended',
    'ann:cpu0 gets small/4+@0 #1 from scratch',
  ]);
  expect(story.trial('small/5')).toMatchObject({ message: why, state: 'failed' });
  story.reports('small/4+@0', opened(), failed(why));
  expect(story.state.sweeps.get('small')?.state).toBe('completed');
  expect(story.steer('retried').slice(-3)).toEqual([
    'new stage small/3@0.2: small/3, small/5 from epoch 0',
    'new stage small/4@0.2: small/4, small/6 from epoch 0',
    'ann:cpu0 gets small/3@0.2 #1 from scratch',
  ]);
  story.reports('small/3@0.2', opened(), rates(0.1), ended('released'));
  expect(trialsOf(story).slice(2)).toEqual([
    'running lr 0.1',
    'pending lr 0.1',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'pending base_lr 0.0125 max_lr 0.1 step_size 2',
  ]);
});

test('a failed test that is to be tried again lets another seed test meanwhile, whose rates are for both', () => {
  const story = started(1, [FOUND], [SEEDS], 3);
  expect(story.reports('small/1@0', failed('no memory'))).toEqual([
    'small/1@0 #1 is over: failed',
    'ann:cpu0 gets small/2@0 #1 from scratch',
  ]);
  story.reports('small/2@0', opened(), rates(0.1));
  story.pass(10_000);
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@0', 'ann:cpu1': 'small/1@0' });
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr 0.1']);
});

test('another seed tests where the tested trials were cancelled, and rates of the old test are not taken', () => {
  const story = started(1, [FOUND], [SEEDS]);
  expect(story.steer('cancelled', 'small/1').slice(-1)).toEqual([
    'ann:cpu0 gets small/2@0 #1 from scratch',
  ]);
  expect(story.reports('small/1@0', rates(0.1))).toEqual([]);
  expect(trialsOf(story)).toEqual(['cancelled lr found by valley', 'running lr found by valley']);
});

test('a trial that was cancelled meanwhile gets no rates, and its stage goes on without it', () => {
  const story = started(1, [FOUND, HALVED]);
  story.steer('cancelled', 'small/1');
  story.reports('small/1+@0', opened(), rates(0.1), ended('released'));
  expect(trialsOf(story)).toEqual([
    'cancelled lr found by valley',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
  ]);
  train(story, 'small/1+@0');
  expect(story.trial('small/2')?.state).toBe('completed');
});

test('a trial that was paused apart tests for itself what the others had no need of, and holds none of them up', () => {
  const story = started(0, [FOUND, STEEPEST]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  const steepest = rates(0.3, { suggest: 'steepest' });
  story.reports('small/1+@0', opened(), steepest, ended('released'));
  train(story, 'small/1+@0');
  expect(trialsOf(story)).toEqual(['paused lr found by valley', 'completed lr 0.3']);
  story.steer('resumed', 'small/1');
  story.report('small/1@0.2', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'completed lr 0.3']);
});

test('another sweep with the same config tests for itself', () => {
  const story = started(2, [FOUND]);
  const event = submissionOf([
    'objective: { metric: val_loss, mode: min }',
    'epochs: 2',
    'learning_rate:',
    FOUND,
  ]);
  story.tell({ ...event, again: true });
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0', 'ann:cpu1': 'small-2/1@0' });
  story.report('small/1@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr found by valley']);
});

test('a trial that is to pause while its stage tests pauses with its rates, and trains once it goes on', () => {
  const story = started(1, [FOUND]);
  expect(story.steer('paused', 'small/1')).toEqual(['trial small/1 is to pause']);
  expect(story.reports('small/1@0', opened(), rates(0.1), ended('released')).slice(-2)).toEqual([
    'small/1@0 #1 is over: released',
    'small/1@0 is paused',
  ]);
  expect(trialsOf(story)).toEqual(['paused lr 0.1']);
  story.steer('resumed', 'small/1');
  train(story, 'small/1@0');
  expect(trialsOf(story)).toEqual(['completed lr 0.1']);
});

test('trials that are paused get what another seed finds, and hold up no test', () => {
  const story = started(0, [FOUND], [SEEDS]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/2@0' });
  story.report('small/2@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['paused lr 0.1', 'running lr 0.1']);
});

test('a paused trial whose rates break a rule fails where it stands', () => {
  const story = started(0, [CYCLIC, FOUND], [SEEDS]);
  story.steer('paused', 'small/1');
  beat(story, 1);
  const [lead = ''] = Object.values(story.leases());
  story.report(lead, rates(0.1));
  expect(story.trial('small/1')?.state).toBe('failed');
  expect(story.stage(story.trial('small/1')?.stageId ?? '')?.state).toBe('ended');
});

test('the tests begin anew elsewhere where the agent is lost, and its late rates are stale', () => {
  const story = started(1, [FOUND], [SEEDS]);
  story.report('small/1@0', opened());
  beat(story, 1, 'bob');
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  for (let i = 0; i < 10; i += 1) {
    story.pass(20_000);
    beat(story, 1, 'bob');
  }
  expect(story.leases()).toEqual({ 'bob:cpu0': 'small/1@0' });
  const late = { kind: 'reported', agentId: 'ann', sequence: 9, stageId: 'small/1@0' } as const;
  const facts = story.tell({ ...late, attempt: 1, item: rates(0.3) });
  expect(facts.map(({ kind }) => kind)).toEqual(['report-taken']);
  story.report('small/1@0', rates(0.1));
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'pending lr 0.1']);
});

test('a coordinator that was started anew in the middle knows who tests and who waits', () => {
  const story = started(2, [FOUND], [SEEDS]);
  story.restart();
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.report('small/1@0', rates(0.1));
  story.restart();
  beat(story, 2);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0', 'ann:cpu1': 'small/2@0' });
  expect(trialsOf(story)).toEqual(['running lr 0.1', 'running lr 0.1']);
  expect(story.stage('small/1@0')?.attempt).toBe(1);
});

test('where nothing is shared, each way to test is tested once, one after the other', () => {
  const story = started(8, [FOUND, HALVED, STEEPEST], [SEEDS, 'sharing: off']);
  expect(story.leases()).toEqual({ 'ann:cpu0': 'small/1@0' });
  story.reports('small/1@0', opened(), rates(0.1));
  // What is steepest was not asked for.
  expect(Object.values(story.leases()).toSorted()).toEqual(
    [1, 2, 3, 4, 5].map((number) => `small/${number}@0`),
  );
  story.reports('small/5@0', opened(), rates(0.3, { suggest: 'steepest' }));
  expect(trialsOf(story)).toEqual([
    'running lr 0.1',
    'running lr 0.1',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'running base_lr 0.0125 max_lr 0.1 step_size 2',
    'running lr 0.3',
    'running lr 0.3',
  ]);
});

test('two ways to read the curves in one config come from one stage, each to its own trials', () => {
  const story = started(2, [FOUND, STEEPEST], [SEEDS]);
  const both = [found(0.1, {}), found(0.3, { suggest: 'steepest' })];
  story.report('small/1+@0', { kind: 'rates', rates: both });
  expect(trialsOf(story)).toEqual([
    'running lr 0.1',
    'running lr 0.1',
    'running lr 0.3',
    'running lr 0.3',
  ]);
});

test('rates that nobody asked for are given to nobody, and the stage tests again', () => {
  const story = started(1, [FOUND], [SEEDS]);
  story.reports('small/1@0', opened(), rates(0.1, { steps: 50 }), ended('released'));
  expect(trialsOf(story)).toEqual(['running lr found by valley', 'pending lr found by valley']);
});

test('an epoch that is reported before its rates are known is refused in words', () => {
  const story = started(1, [FOUND]);
  story.reports('small/1@0', opened(), epoch(0));
  expect(story.trial('small/1')).toMatchObject({
    state: 'failed',
    epochsDone: 0,
    message: 'epoch 0 was reported where range tests were due',
  });
});
