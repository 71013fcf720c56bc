// So many agents, sweeps and trials, so much output and so many learning rates, and no more, whoever sends them.

import { expect, test } from 'vitest';
import type { Fact } from '../../../coordinator/core/fact.ts';
import { failed, opened, Story } from '../../support/story.ts';
import { submission } from '../../support/sweep.ts';

test('an agent too many is not taken on, and those that are known go on', () => {
  const story = new Story({ agentsMost: 2 });
  for (const name of ['ann', 'bob', 'cid']) story.beat(name);
  expect([...story.state.agents.keys()]).toEqual(['ann', 'bob']);
  expect(story.beat('cid')).toEqual([]);
  expect(story.beat('bob')).toMatchObject([{ kind: 'agent-seen', agentId: 'bob' }]);
});

test('a sweep too many is not taken on', () => {
  const story = new Story({ sweepsMost: 2 });
  for (let n = 0; n < 3; n += 1) story.tell({ ...submission(1, 2), again: true });
  expect([...story.state.sweeps.keys()]).toEqual(['small', 'small-2']);
});

test('a sweep whose trials would be too many is not taken on, and a smaller one is', () => {
  const story = new Story({ trialsMost: 5 });
  for (const trials of [3, 3, 2]) story.tell({ ...submission(trials, 2), again: true });
  expect([...story.state.trials.keys()]).toHaveLength(5);
});

function log(bytes: number): Parameters<Story['report']>[1] {
  return { kind: 'log', offsetBytes: 0, droppedBytes: 0, data: Buffer.alloc(bytes, 'x') };
}

/** What is kept of a report of output. */
function kept(facts: readonly Fact[]): readonly string[] {
  return facts.flatMap((fact) =>
    fact.kind === 'log-recorded' ? [Buffer.from(fact.data).toString()] : [],
  );
}

test("what is kept of a stage's output ends with a line that says so, over all its attempts and a restart", () => {
  const story = new Story({ logBytesMost: 1_000 });
  story.tell(submission(1, 2, ['retries: 3']));
  story.beat('ann');
  const say = (bytes: number) => kept(story.report('small/1@0', log(bytes)));
  expect(say(400)).toEqual(['x'.repeat(400)]);
  story.report('small/1@0', failed('no luck'));
  story.pass(20_000);
  story.beat('ann');
  expect(story.stage('small/1@0')?.attempt).toBe(2);
  expect(say(400)).toEqual(['x'.repeat(400)]);
  story.restart();
  expect(say(100)).toEqual([expect.stringContaining('no more than 1000 bytes are kept')]);
  expect(say(100)).toEqual([]);
  expect(say(0)).toEqual([]);
});

function series(epoch: number, fromStep: number, count: number): Parameters<Story['report']>[1] {
  return { kind: 'series', epoch, fromStep, values: Array.from({ length: count }, () => 0.5) };
}

test('of the epoch that is due no more learning rates are kept than it has steps', () => {
  const story = new Story();
  story.tell(submission(1, 2));
  story.beat('ann');
  const kinds = (item: Parameters<Story['report']>[1]): readonly string[] =>
    story
      .report('small/1@0', item)
      .filter(({ kind }) => kind !== 'report-taken')
      .map(({ kind }) => kind);
  expect(kinds(series(0, 0, 4))).toEqual([]);
  story.report('small/1@0', opened('cpu', 10));
  expect(kinds(series(0, 0, 8))).toEqual(['series-recorded']);
  for (const wrong of [series(0, 8, 3), series(0, 0, 8), series(1, 0, 1), series(0, 8, 0)])
    expect(kinds(wrong)).toEqual([]);
  expect(kinds(series(0, 8, 2))).toEqual(['series-recorded']);
  expect(kinds(series(0, 8, 1))).toEqual([]);
});
