// What is told of the selected row where there is a line for it.

import { toPlainLine } from '../../domain/plain-text.ts';
import type { StageView } from '../../wire/generated/espalier/v1/sweep.ts';
import { span, type Line } from '../frame/line.ts';
import { formatBytes, plural } from '../frame/number.ts';
import { shortNumbersIn } from '../frame/trial-numbers.ts';
import type { Model } from '../model.ts';
import { familyName, leaderOf, leadersAmong, stageOf } from './leader.ts';
import { selectedRow } from './select-row.ts';

/** One line, to be cut where it is too long. */
export function detailLine(model: Model): Line {
  const row = selectedRow(model);
  if (row === undefined) return [];
  const stage = stageOf(row);
  const { members, leading, reproducible } = stage;
  const leader = leadersAmong(model, new Set([leaderOf(stage)])).get(leaderOf(stage));
  const trials = `${plural(members, 'trial')} ${shortNumbersIn(leading, members, 24)}`;
  const facts = row.kind === 'family' ? [] : stageFacts(stage);
  const text = [...facts.slice(0, 2), trials, ...facts.slice(2), familyName(leader)];
  const doubt = row.kind === 'family' || reproducible ? '' : ' not reproducible:';
  return [span(doubt, 'warn'), span(` ${text.filter(Boolean).join(' · ')}`)];
}

function stageFacts(stage: StageView): readonly string[] {
  const { stageId, slot, attempt, repeatedEpochs, checkpointBytes } = stage;
  return [
    toPlainLine(stageId),
    epochsText(stage),
    slot,
    attempt > 1 ? `attempt ${attempt}` : '',
    repeatedEpochs > 0 ? `${plural(repeatedEpochs, 'epoch')} repeated` : '',
    checkpointBytes > 0 ? `${formatBytes(checkpointBytes)} of checkpoints` : '',
  ];
}

function epochsText({ fromEpoch, recordedEpochs, untilEpoch, state }: StageView): string {
  const open = state === 'ended' ? '' : ` of ${fromEpoch}–${untilEpoch - 1}`;
  if (recordedEpochs === 0) return `no epoch${open}`;
  if (recordedEpochs === 1) return `epoch ${fromEpoch}${open}`;
  return `epochs ${fromEpoch}–${fromEpoch + recordedEpochs - 1}${open}`;
}
