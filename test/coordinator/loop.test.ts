// The loop: one commit a turn, nothing told before it, and an end in order when it fails.

import { expect, onTestFinished, test } from 'vitest';
import type { Heartbeat } from '../../coordinator/core/event.ts';
import type { Fact } from '../../coordinator/core/fact.ts';
import { DEFAULT_LIMITS } from '../../coordinator/core/limits.ts';
import { Loop } from '../../coordinator/loop.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { openStore } from '../../coordinator/store/store.ts';
import { submission } from '../support/sweep.ts';

const FULL = new Error('the disk is full');
const STOPPING = { code: 'unavailable', message: 'the coordinator is stopping' };

type Scene = {
  readonly loop: Loop;
  readonly log: string[];
  /** The time of the loop. */
  readonly clock: { monoMs: number };
  failFrom(commit: number): void;
};

/** A loop over a real store, with a log of commits and of what listeners are told. */
function scene(): Scene {
  const store = openStore(':memory:');
  const log: string[] = [];
  const clock = { monoMs: 0 };
  let failing = Number.POSITIVE_INFINITY;
  let commits = 0;
  const transaction: Store['transaction'] = (body) => {
    store.transaction(() => {
      body();
      commits += 1;
      // After the body: the state has evolved by then, and must not be seen.
      if (commits >= failing) throw FULL;
    });
    log.push('committed');
  };
  const loop = new Loop({
    store: { ...store, transaction },
    now: () => ({ ...clock, wallMs: 0 }),
    limits: DEFAULT_LIMITS,
  });
  loop.onCommit((facts) => log.push(`told ${kindsOf(facts)}`));
  onTestFinished(() => {
    loop.close();
    store.close();
  });
  return { loop, log, clock, failFrom: (commit) => (failing = commit) };
}

function heartbeat(agentId: string): Heartbeat {
  const about = { agentId, name: agentId, incarnation: '1', version: '1', slots: [] };
  return {
    kind: 'heartbeat',
    ...about,
    draining: false,
    leaving: false,
    acknowledged: 0,
    running: [],
  };
}

function kindsOf(facts: readonly Fact[]): string {
  return [...new Set(facts.map((fact) => fact.kind))].join(' ');
}

test('what arrives in one turn shares one commit, and is told after it', async () => {
  const { loop, log } = scene();
  const posts = [
    loop.post(submission(1, 2)),
    loop.post({ kind: 'tick' }),
    loop.post(submission(1, 3)),
  ].map((post) => post.then((facts) => log.push(`resolved ${kindsOf(facts)}`)));
  expect(log).toEqual([]);
  await Promise.all(posts);
  expect(log).toEqual([
    'committed',
    'told sweep-submitted trial-created stage-created',
    'resolved sweep-submitted trial-created stage-created',
    'resolved ',
    'resolved sweep-submitted trial-created stage-created',
  ]);
});

test('more events than one commit takes are all taken', async () => {
  const { loop, log } = scene();
  await Promise.all(Array.from({ length: 501 }, () => loop.post({ kind: 'tick' })));
  expect(log.filter((line) => line === 'committed')).toHaveLength(2);
});

test('a commit that fails is told to nobody and ends the loop', async () => {
  const { loop, log, failFrom } = scene();
  failFrom(1);
  const posts = [submission(1, 2), submission(1, 3)].map((event) => loop.post(event));
  const settled = await Promise.allSettled(posts);
  expect(settled).toMatchObject([{ reason: STOPPING }, { reason: STOPPING }]);
  expect(await loop.broken).toBe(FULL);
  expect(log).toEqual([]);
  expect(() => loop.state).toThrow(STOPPING.message);
  await expect(loop.post({ kind: 'tick' })).rejects.toMatchObject(STOPPING);
});

test('what waits behind a commit that fails is refused, not forgotten', async () => {
  const { loop, failFrom } = scene();
  failFrom(1);
  const posts = Array.from({ length: 501 }, () => loop.post({ kind: 'tick' }));
  const settled = await Promise.allSettled(posts);
  expect(settled.map((post) => post.status)).toEqual(posts.map(() => 'rejected'));
});

test('closing commits what was handed in; what comes later is refused, and the state stays readable', async () => {
  const { loop, log } = scene();
  const post = loop.post(submission(1, 2));
  loop.close();
  expect(log[0]).toBe('committed');
  expect(kindsOf(await post)).toContain('sweep-submitted');
  await expect(loop.post({ kind: 'tick' })).rejects.toMatchObject(STOPPING);
  expect([...loop.state.sweeps.keys()]).toEqual(['small']);
});

test('a last commit that fails while closing breaks the loop too', async () => {
  const { loop, failFrom } = scene();
  failFrom(1);
  const post = loop.post(submission(1, 2));
  loop.close();
  await expect(post).rejects.toMatchObject(STOPPING);
  expect(await loop.broken).toBe(FULL);
});

test('a listener that was taken off is told no more', async () => {
  const { loop } = scene();
  const told: number[] = [];
  const off = loop.onCommit((facts) => told.push(facts.length));
  await loop.post({ kind: 'tick' });
  off();
  await loop.post({ kind: 'tick' });
  expect(told).toEqual([0]);
});

test('a loop that stood still excuses its agents before it decides anything else', async () => {
  const { loop, clock } = scene();
  await loop.post(heartbeat('ann'));
  await loop.post(heartbeat('bob'));
  clock.monoMs += 100_000;
  await loop.post(heartbeat('bob'));
  await loop.post({ kind: 'tick' });
  expect(loop.state.agents.get('ann')?.state).toBe('connected');
});

test('a loop that is kept busy by one thing after another excuses nobody', async () => {
  const { loop, clock } = scene();
  await loop.post(heartbeat('ann'));
  for (let passed = 0; passed < 90_000; passed += 1_500) {
    clock.monoMs += 1_500;
    await loop.post({ kind: 'tick' });
  }
  expect(loop.state.agents.get('ann')?.state).toBe('lost');
});
