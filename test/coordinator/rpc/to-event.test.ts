// Messages of agents as events.

import { expect, test } from 'vitest';
import { toReport } from '../../../coordinator/rpc/to-event.ts';
import type { ReportRequest } from '../../../src/wire/generated/espalier/v1/agent.ts';
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
