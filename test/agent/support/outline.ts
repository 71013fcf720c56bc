// Reports in a few words each, so that a test can say what an agent tells and in which order.

import type { ReportRequest } from '../../../src/wire/generated/espalier/v1/agent.ts';

/** What was reported, without output: `s1:1 epoch 0`. */
export function outlineOf(reports: readonly ReportRequest[]): readonly string[] {
  return reports
    .filter(({ item }) => item?.$case !== 'log')
    .map(({ stageId, attempt, item }) => `${stageId}:${attempt} ${describe(item)}`);
}

function describe(item: ReportRequest['item']): string {
  if (item?.$case === 'epoch') return `epoch ${item.epoch.epoch}`;
  if (item?.$case === 'checkpoint') return `checkpoint ${item.checkpoint.epoch}`;
  if (item?.$case === 'ended') return item.ended.outcome;
  if (item?.$case !== 'forked') return item?.$case ?? 'nothing';
  const { epoch, classes, inPlace } = item.forked;
  const parts = classes.map(({ members }) => members.join('+')).join(' | ');
  return `forked ${epoch}: ${parts}; in place ${inPlace ?? 'none'}`;
}
