import { expect, test } from 'vitest';
import { plainLines, runPlain } from '../../src/dashboard/plain.ts';
import { update } from '../../src/dashboard/update.ts';
import type { WatchResponse } from '../../src/wire/generated/espalier/v1/sweep.ts';
import { after, blank } from './after.ts';
import { Feed } from './fake-terminal.ts';
import { sweepView, trialView, watchResponse } from './sample.ts';

const TRIALS = 4;
const trials = Array.from({ length: TRIALS }, (_, index) => trialView({ number: index + 1 }));
const sweep = sweepView({ trials: TRIALS, epochsTotal: 80, pending: TRIALS, remainingMs: -1 });
const begun = watchResponse({ sweeps: [sweep], trials });

function change(fields: Partial<typeof sweep>, ...changed: typeof trials): WatchResponse {
  return watchResponse({ complete: false, sweeps: [{ ...sweep, ...fields }], trials: changed });
}

const finished = trialView({
  number: 2,
  state: 'completed',
  config: 'batch_size 32',
  epoch: 20,
  hasValue: true,
  bestValue: 0.0812,
  bestEpoch: 17,
});
const failed = trialView({ number: 3, state: 'failed', message: 'CUDA out of\nmemory' });

test('at first it says what there is', () => {
  expect(plainLines(undefined, after(blank(), begun))).toEqual([
    'sweep digits-lr (s1): 4 trials, 80 epochs, val_loss min',
  ]);
});

test('a trial that completes is a line with its values, and a quarter of the sweep another', () => {
  const before = after(blank(), begun);
  const response = change(
    {
      completed: 1,
      epochsDelivered: 20,
      bestTrialId: 't2',
      bestValue: 0.0812,
      remainingMs: 90_000,
    },
    finished,
  );
  expect(plainLines(before, after(before, response))).toEqual([
    'completed #2 constant lr 0.1 batch_size 32 seed 1: best val_loss 0.08120 at epoch 17',
    '20 %: 20 of 80 epochs, 1 of 4 trials ended (1 completed), best val_loss 0.08120 by #2 constant lr 0.1, about 1 min 30 s left',
  ]);
});

test('a failure is a line with its message, on one line whatever it holds', () => {
  const before = after(blank(), begun);
  const lines = plainLines(before, after(before, change({ failed: 1 }, failed)));
  expect(lines[0]).toBe('failed #3 constant lr 0.1 seed 1: CUDA out of memory');
});

test('between two tenths there is nothing to say', () => {
  const before = after(blank(), begun);
  const bit = trialView({ number: 1, state: 'running', epoch: 3 });
  expect(plainLines(before, after(before, change({ running: 1 }, bit)))).toEqual([]);
});

test('paused trials are counted and have not ended', () => {
  const before = after(blank(), begun);
  const bit = trialView({ number: 1, state: 'paused', epoch: 10 });
  const other = trialView({ number: 2, state: 'running', epoch: 10 });
  const fields = { paused: 1, running: 1, epochsDelivered: 20, epochsTrained: 10 };
  expect(plainLines(before, after(before, change(fields, bit, other)))).toEqual([
    '20 %: 20 of 80 epochs, 0 of 4 trials ended, 1 paused',
  ]);
});

test('a stream that begins anew does not repeat what had ended', () => {
  const before = after(blank(), begun, change({ completed: 1 }, finished));
  const again = watchResponse({
    sweeps: [{ ...sweep, completed: 1 }],
    trials: trials.map((trial) => (trial.number === 2 ? finished : trial)),
  });
  expect(plainLines(before, after(before, again))).toEqual([]);
});

test('losing the coordinator is said once, and so is its return', () => {
  const before = after(blank(), begun);
  const lost = update(before, { kind: 'disconnected', reason: 'no answer' }).model;
  const still = update(lost, { kind: 'disconnected', reason: 'no answer' }).model;
  expect(plainLines(before, lost)).toEqual([
    'the coordinator is out of reach, trying again: no answer',
  ]);
  expect(plainLines(lost, still)).toEqual([]);
  expect(plainLines(still, after(still, begun))).toEqual(['the coordinator is back']);
});

test('with several sweeps each line says whose it is', () => {
  const two = [sweep, sweepView({ sweepId: 's2', name: 'other', trials: 0 })];
  const lines = plainLines(undefined, after(blank(), watchResponse({ sweeps: two, trials })));
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['digits-lr', 'other']);
});

test('asked to stay until the end, it ends with the sum of it', async () => {
  const stream = new Feed<WatchResponse>();
  const lines: string[] = [];
  stream.push(begun);
  stream.push(change({ state: 'completed', completed: 4, epochsDelivered: 80, epochsTrained: 32 }));
  await runPlain({
    source: { open: () => stream },
    sweepId: 's1',
    write: (line) => void lines.push(line),
    untilEnded: true,
  });
  expect(lines).toEqual([
    'sweep digits-lr (s1): 4 trials, 80 epochs, val_loss min',
    'completed: 80 of 80 epochs, 32 trained (2.5× fewer), 4 of 4 trials ended (4 completed)',
  ]);
  expect(stream.returned).toBe(true);
});

test('it ends when it is told to', async () => {
  const stop = new AbortController();
  const stream = new Feed<WatchResponse>();
  const done = runPlain({
    source: { open: () => stream },
    write: () => stop.abort(),
    signal: stop.signal,
  });
  stream.push(begun);
  await expect(done).resolves.toBeUndefined();
});
