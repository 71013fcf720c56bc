// Messages of agents as events.

import { expect, test } from 'vitest';
import { toReport } from '../../../coordinator/rpc/to-event.ts';
import { BOUNDS } from '../../../src/domain/bounds.ts';
import { toFinding } from '../../../src/lr/find.ts';
import type { FoundRate, ReportRequest } from '../../../src/wire/generated/espalier/v1/agent.ts';
import { epochReport } from '../../support/coordinator.ts';

function report(item: ReportRequest['item']): ReturnType<typeof toReport>['item'] {
  return toReport({ agentId: 'ann', sequence: 1, stageId: 'small/1@0', attempt: 1, item }).item;
}

test('a zero has no sign, since the database keeps none', () => {
  expect(report(epochReport(0, -0))).toMatchObject({ metrics: { loss: 0.5, val_loss: 0 } });
  expect(report(epochReport(0, Number.NaN))).toMatchObject({ metrics: { val_loss: Number.NaN } });
});

function fork(classes: readonly number[][], inPlace?: number): ReturnType<typeof report> {
  const forked = { epoch: 2, classes: classes.map((members) => ({ members })), inPlace };
  return report({ $case: 'forked', forked });
}

test('a fork with an empty class, or with a class in place that it has not, is a failure in words', () => {
  expect(fork([[1, 3], [2]], 1)).toEqual({
    kind: 'forked',
    epoch: 2,
    classes: [[1, 3], [2]],
    inPlace: 1,
  });
  expect(fork([[1]])).toMatchObject({ kind: 'forked', inPlace: null });
  for (const wrong of [fork([[1], []], 0), fork([[1], [2]], 2)])
    expect(wrong).toMatchObject({ kind: 'ended', outcome: 'failed' });
});

test('a checkpoint whose manifest cannot be right is a failure in words', () => {
  const files = [{ path: 'w.bin', sha256: 'a'.repeat(64), sizeBytes: 3 }];
  const words = (change: object): string => {
    const checkpoint = { checkpointId: 'b'.repeat(64), epoch: 1, files, ...change };
    const item = report({ $case: 'checkpoint', checkpoint });
    return item.kind === 'ended' ? item.message : '';
  };
  expect(words({})).toContain('another id than its manifest');
  expect(words({ files: [] })).toContain('has 0 files');
  expect(words({ files: [{ ...files[0], path: '../w' }] })).toContain('cannot be');
  expect(words({ files: [{ ...files[0], sha256: 'x' }] })).toContain('cannot be');
});

const RATE: FoundRate = {
  findJson: '{"steps":50}',
  maxLr: 0.1,
  baseLr: 0.025,
  least: 0.05,
  greatest: 0.2,
  found: 2,
  tested: 3,
  words: 'so',
};

function ratesOf(...rates: readonly Partial<FoundRate>[]): ReturnType<typeof report> {
  return report({
    $case: 'rates',
    rates: { rates: rates.map((rate) => ({ ...RATE, ...rate })), missing: [] },
  });
}

test('rates that were found come with every field of what was to be found', () => {
  const { find } = toFinding({ find: { steps: 50 } });
  const { findJson: _, maxLr: max_lr, baseLr: base_lr, ...rest } = RATE;
  const rate = { find, max_lr, base_lr, ...rest };
  expect(ratesOf({}, { words: 'x'.repeat(10_000) })).toEqual({
    kind: 'rates',
    rates: [rate, { ...rate, words: 'x'.repeat(8_192) }],
    missing: [],
  });
});

test.each<[string, Partial<FoundRate>]>([
  ['is no JSON', { findJson: '{' }],
  ['is empty', { findJson: '' }],
  ['is no mapping', { findJson: '5' }],
  ['has a field that there is not', { findJson: '{"step":50}' }],
  ['breaks a rule', { findJson: '{"steps":5}' }],
  ['has a rate that is zero', { maxLr: 0 }],
  ['has a negative bound', { baseLr: -0.1 }],
  ['has a least that is not finite', { least: Number.NaN }],
  ['has an infinite greatest', { greatest: Infinity }],
])('a rate whose finding %s is a failure in words', (_, change) => {
  const message = 'a learning rate was found that cannot be';
  expect(ratesOf({}, change)).toEqual({ kind: 'ended', outcome: 'failed', message });
});

function ratesTimes(count: number): ReturnType<typeof report> {
  return ratesOf(...Array.from({ length: count }, () => ({})));
}

test('no rates, and more than can be, are a failure in words', () => {
  expect(ratesTimes(1000)).toMatchObject({ kind: 'rates' });
  for (const count of [0, 1001])
    expect(ratesTimes(count)).toMatchObject({
      outcome: 'failed',
      message: `${count} learning rates were tested; it must be 1 to 1000`,
    });
});

function without(findJson: string): ReturnType<typeof report> {
  return report({
    $case: 'rates',
    rates: { rates: [], missing: [{ findJson, words: 'x'.repeat(10_000) }] },
  });
}

test('what is missing comes with every field, and what cannot be is a failure in words', () => {
  expect(without('{"steps":50}')).toEqual({
    kind: 'rates',
    rates: [],
    missing: [{ ...toFinding({ find: { steps: 50 } }), words: 'x'.repeat(8_192) }],
  });
  for (const wrong of ['', '5', '{"steps":5}'])
    expect(without(wrong)).toEqual({
      kind: 'ended',
      outcome: 'failed',
      message: 'a learning rate is missing that cannot be',
    });
});

function withMetrics(...names: readonly string[]): ReturnType<typeof report> {
  const item = epochReport(0, 0.5);
  if (item?.$case !== 'epoch') throw new Error('that is no epoch');
  const metrics = names.map((name) => ({ name, value: 1 }));
  return report({ $case: 'epoch', epoch: { ...item.epoch, metrics } });
}

test('more metrics than may be, and a name that is longer than may be, are failures in words', () => {
  const names = Array.from({ length: BOUNDS.metrics }, (_, n) => `m${n}`);
  expect(withMetrics(...names)).toMatchObject({ kind: 'epoch' });
  expect(withMetrics(...names, 'one more')).toMatchObject({
    outcome: 'failed',
    message: 'epoch 0 has 257 metrics; at most 256 are recorded',
  });
  expect(withMetrics('x'.repeat(200))).toMatchObject({ kind: 'epoch' });
  expect(withMetrics('x'.repeat(201))).toMatchObject({
    outcome: 'failed',
    message: 'epoch 0 has a metric with a name of 201 characters; at most 200 are recorded',
  });
});

test('an epoch of more steps than anybody trains is a failure in words', () => {
  const opened = { stepsPerEpoch: BOUNDS.steps + 1, backend: 'b', numerics: 'n', canSave: true };
  expect(report({ $case: 'opened', opened })).toMatchObject({
    outcome: 'failed',
    message: 'an epoch has 10000001 steps; it must be at most 10000000',
  });
});
